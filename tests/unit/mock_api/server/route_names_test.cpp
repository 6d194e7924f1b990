#include "mock_api/server/route_names.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(Routes, HaveOneNameForAllSessions) {
  EXPECT_EQ(route_name(route_of("POST", "/run?x")), "POST /run");
  EXPECT_EQ(route_name(route_of("GET", "/run/clients/c1/events")),
            "GET /run/clients/{client_id}/events");
  EXPECT_EQ(route_name(route_of("GET", "/run/abc")), "GET /run/{session_id}");
  EXPECT_EQ(route_name(route_of("GET", "/nothing/here")), "other");
  EXPECT_EQ(route_name(route_of("GET", "")), "other");
}

}  // namespace
}  // namespace sluice
