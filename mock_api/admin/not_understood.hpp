// What a request says that nobody understood: a typing error in a test, or in the client under
// test.
#pragma once

#include <span>
#include <string>

#include "base/text/json.hpp"
#include "http/message.hpp"

namespace sluice {

/// `[{"in": "body"|"query"|"header", "name": …}]`: keys of the body of POST /run, which the one who
/// read it names, query parameters that the endpoint does not know, and X-Sluice-* headers that
/// mean nothing.
Json not_understood(const HttpRequest& request, std::span<const std::string> unknown_keys);

}  // namespace sluice
