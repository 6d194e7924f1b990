// The workflows' endpoints, contract 1.18 to 1.21.
#include "mock_api/workflows/workflows.hpp"

#include <gmock/gmock.h>

#include "tests/unit/mock_api/small_service.hpp"

namespace sluice {
namespace {

using namespace ::testing;
using namespace sluice::test;
using namespace literals;

struct ProfileListener : WorkflowListener {
  WorkflowId version_added(WorkflowId, const WorkflowVersion& version) override {
    steps.push_back(version.steps.size());
    return WorkflowId::at(steps.size());
  }
  std::vector<std::size_t> steps;
};

class TheWorkflows : public Test {
 protected:
  TheWorkflows() { workflows_.set_listener(&listener_); }

  HttpReply put(const Json& json) {
    body_ = json.dump();
    return workflows_.handle_put(Time::zero() + 1_h, kAcme, id_, request("PUT", "/x", body_));
  }
  Json current() { return body_of(workflows_.handle_get(kAcme, id_)); }

  static constexpr WorkspaceId kAcme{0}, kOther{1};
  Scenario scenario_ = small_served_scenario();
  Tenants tenants_{scenario_};
  Workflows workflows_{scenario_, tenants_, Epoch{scenario_.serve.start_unix_ns}};
  ProfileListener listener_;
  std::string id_ = workflows_.latest(kAcme, "claims")->id;
  std::string body_;
};

TEST_F(TheWorkflows, are_the_scenarios) {
  const Json all = body_of(workflows_.handle_list(kAcme));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["id"], id_);
  EXPECT_EQ(all[0]["name"], "claims");
  EXPECT_EQ(all[0]["created_at"], "2026-01-05T00:00:00.000000Z");
  EXPECT_EQ(all[0]["workspace_id"], tenants_.id(kAcme));
  EXPECT_EQ(workflows_.latest(kAcme, id_), workflows_.latest(kAcme, "claims"));
  EXPECT_EQ(workflows_.handle_get(kAcme, "nothing").status, 404u);
  EXPECT_EQ(workflows_.handle_metadata(kAcme, "nothing").status, 404u);
}

TEST_F(TheWorkflows, have_a_graph_of_their_steps) {
  const Json full = current();
  ASSERT_EQ(full["nodes"].size(), 5u);
  EXPECT_EQ(full["nodes"][0]["action"], "START");
  EXPECT_EQ(full["nodes"][0]["parameters"]["url"], "https://portal.example.com");
  EXPECT_EQ(full["nodes"][4]["action"], "END");
  const std::string first = full["nodes"][0]["id"];
  EXPECT_EQ(full["edges"][first]["to"], full["nodes"][1]["id"]);
  EXPECT_EQ(full["version_number"], 1);
  EXPECT_EQ(full["max_retries"], 2);
  EXPECT_EQ(workflows_.latest(kAcme, id_)->steps.size(), 3u);
}

TEST_F(TheWorkflows, type_aliases_so_that_clients_let_pools_through) {
  const Json metadata = body_of(workflows_.handle_metadata(kAcme, id_));
  EXPECT_EQ(metadata["input_schema"]["properties"]["USER"]["type"],
            Json::array({"string", "array"}));
  EXPECT_EQ(metadata["input_schema"]["required"], Json::array({"USER"}));
  EXPECT_EQ(metadata["input_schema"]["properties"]["claim"]["type"], "string");
  EXPECT_EQ(metadata["vault_schema"].dump(),
            R"({"USER":{"type":"credential","domain":"https://portal.example.com",)"
            R"("example":"portal-1"}})");
}

TEST_F(TheWorkflows, get_a_new_version_with_each_put) {
  Json json = current();  // with ids, stamps and the like, which do not count
  const std::string first_version = json["version_id"];
  json["name"] = "claims, better";
  json["base_version_id"] = first_version;
  const HttpReply reply = put(json);
  ASSERT_EQ(reply.status, 200u) << reply.body;
  EXPECT_EQ(body_of(reply)["version_number"], 2);
  EXPECT_EQ(body_of(reply)["name"], "claims, better");
  EXPECT_EQ(body_of(reply), current());
  EXPECT_TRUE(listener_.steps.empty()) << "the pipeline does the same";
  EXPECT_EQ(workflows_.version(kAcme, id_, 1)->name, "claims");
  EXPECT_EQ(workflows_.version(kAcme, id_, first_version)->number, 1u);
  EXPECT_EQ(workflows_.version(kAcme, id_, 3), nullptr);
  EXPECT_EQ(workflows_.version(kAcme, id_, "nothing"), nullptr);
  EXPECT_EQ(workflows_.latest(kOther, id_)->number, 1u) << "another workspace keeps its own";

  const HttpReply stale = put(json);
  EXPECT_EQ(stale.status, 409u);
  EXPECT_EQ(body_of(stale)["code"], "WORKFLOW_VERSION_CONFLICT");
  EXPECT_EQ(body_of(stale)["latestVersionNumber"], 2);
}

TEST_F(TheWorkflows, tell_the_pipeline_of_what_it_does_otherwise) {
  Json json = current();
  json["nodes"].erase(2);
  json["vault_schema"]["ADMIN"] = {{"type", "credential"}, {"domain", "Admin.example.com/"}};
  ASSERT_EQ(put(json).status, 200u);
  EXPECT_THAT(listener_.steps, ElementsAre(2u));
  const WorkflowVersion& version = workflows_.version_of(kAcme, WorkflowId::at(1), 2);
  EXPECT_EQ(version.pipeline, WorkflowId::at(1));
  EXPECT_EQ(version.aliases[1].normal_domain, "admin.example.com");
  EXPECT_EQ(version.validator.schema()["required"], Json::array({"USER", "ADMIN"}));
}

TEST_F(TheWorkflows, refuse_versions_that_are_wrong) {
  for (const char* wrong :
       {R"({"nodes":5})", R"({"nodes":[]})", R"({"nodes":[{"id":"a","name":"b"}]})",
        R"({"edges":[]})", R"({"name":1})", R"({"input_schema":{"type":"text"}})",
        R"({"output_schema":7})", R"({"max_retries":-1})", R"({"max_retries":1.5})",
        R"({"vault_schema":{"A":{}}})", R"({"description":[]})",
        R"({"input_schema":{"$ref":"#","properties":5}})",
        R"({"input_schema":{"additionalProperties":false,"properties":[1]}})",
        R"({"input_schema":{"required":{}}})"}) {
    Json json = current();
    json.update(Json::parse(wrong));
    EXPECT_EQ(put(json).status, 400u) << wrong;
  }
  Json json = current();
  json.erase("edges");
  EXPECT_EQ(body_of(put(json))["message"], "edges should not be empty");
  EXPECT_EQ(workflows_.handle_put(Time::zero(), kAcme, id_, request("PUT", "/x", "")).status, 400u);
  EXPECT_EQ(workflows_.handle_put(Time::zero(), kAcme, "x", request("PUT", "/x", "{}")).status,
            404u);
  EXPECT_EQ(current()["version_number"], 1);
}

TEST(AScenariosWorkflow, whose_schema_is_none_is_named) {
  Scenario scenario = small_served_scenario();
  scenario.serve.workflows[0].input_schema = R"({"type":"text"})";
  const Tenants tenants(scenario);
  try {
    Workflows workflows(scenario, tenants, Epoch{});
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), StartsWith("workflow `claims`: JSON Schema at /type: must be"));
  }
}

TEST(AWorkflow, shows_the_end_of_its_dry_runs_where_they_end) {
  Scenario scenario = small_served_scenario();
  scenario.pipeline.workflows[0].steps = 25;
  scenario.pipeline.workflows[0].dry_run_fraction = 0.28;
  const WorkflowVersion version = version_of_scenario(scenario.pipeline.workflows[0], {});
  EXPECT_EQ(version.dry_run_end, 6u) << "the seventh of 25 steps, although 25 * 0.28 > 7";
  EXPECT_EQ(steps_done_by(0.28, 25), 7u);
  EXPECT_EQ(steps_done_by(0.281, 25), 8u);
  EXPECT_EQ(steps_done_by(1, 25), 25u);
  EXPECT_EQ(steps_done_by(0, 25), 1u);
  EXPECT_EQ(steps_done_by(1, 0), 1u);
}

TEST(AWorkflow, that_asks_a_person_has_a_node_for_it) {
  Scenario scenario = small_served_scenario();
  scenario.pipeline.workflows[0].interaction = InteractionConfig{1, {}, 10_s};
  const Tenants tenants(scenario);
  const Workflows workflows(scenario, tenants, Epoch{});
  const Json full = body_of(workflows.handle_get(WorkspaceId::at(0), "claims"));
  const Json& last = full["nodes"][full["nodes"].size() - 2];  // before END
  EXPECT_EQ(last["action"], "USER_INTERACTION");
  EXPECT_EQ(last["parameters"]["timeout"], 10'000);
}

}  // namespace
}  // namespace sluice
