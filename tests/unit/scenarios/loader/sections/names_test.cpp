// Names: what an entry declares, what a name elsewhere means, and what is said of one that means
// nothing.
#include "scenarios/loader/sections/names.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

namespace sluice {
namespace {

using namespace ::testing;

class NameTables : public Test {
 protected:
  NameTables() { sources_.add("x.yaml", "a: b\n"); }

  void declare(const std::string& name, Count count = 0) {
    credentials_.declare({name, {}}, count,
                         [this](const std::string& full) { made_.push_back(full); });
  }
  std::vector<std::string> said() {
    std::vector<std::string> messages;
    for (const Diagnostic& error : problems_.take_errors()) messages.push_back(error.message);
    return messages;
  }

  Sources sources_;
  Problems problems_{sources_};
  NameTable credentials_{"credential", problems_};
  std::vector<std::string> made_;
};

TEST_F(NameTables, an_entry_declares_one_thing_or_as_many_as_its_count) {
  declare("portal");
  declare("pool", 3);
  declare("one_of_many", 1);
  EXPECT_THAT(made_, ElementsAre("portal", "pool-1", "pool-2", "pool-3", "one_of_many-1"));
  EXPECT_EQ(credentials_.size(), 5U);
  EXPECT_EQ(credentials_.entry(0), 0U);
  EXPECT_EQ(credentials_.entry(3), 1U);
  EXPECT_EQ(credentials_.name(3), "pool-3");
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(NameTables, the_name_of_an_entry_means_all_that_it_made) {
  declare("portal");
  declare("pool", 3);
  EXPECT_THAT(credentials_.resolve({"pool", {}}), ElementsAre(1, 2, 3));
  EXPECT_THAT(credentials_.resolve({"pool-2", {}}), ElementsAre(2));
  EXPECT_THAT(credentials_.resolve({"portal", {}}), ElementsAre(0));
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(NameTables, to_be_resolved_is_to_be_used_and_to_be_looked_up_is_not) {
  declare("portal");
  declare("pool", 2);
  EXPECT_THAT(credentials_.look_up({"pool", {}}), ElementsAre(1, 2));
  EXPECT_EQ(credentials_.look_up_one({"portal", {}}), 0U);
  EXPECT_THAT(credentials_.used_entries(), ElementsAre(false, false));
  credentials_.resolve({"pool-1", {}});
  EXPECT_THAT(credentials_.used_entries(), ElementsAre(false, true));
  EXPECT_TRUE(credentials_.used(2)) << "of one entry all are used or none";
}

TEST_F(NameTables, one_that_means_nothing_is_reported_with_the_nearest_or_with_all) {
  declare("portal");
  declare("pool", 2);
  EXPECT_THAT(credentials_.resolve({"protal", {}}), IsEmpty());
  EXPECT_THAT(said(), ElementsAre("no credential is called `protal`; did you mean `portal`?"));
  EXPECT_THAT(credentials_.resolve({"something_else", {}}), IsEmpty());
  EXPECT_THAT(said(), ElementsAre("no credential is called `something_else`; there are portal, "
                                  "pool"));
}

TEST_F(NameTables, where_some_could_not_be_read_an_unknown_one_is_no_further_mistake) {
  declare("portal");
  declare("other");
  credentials_.set_incomplete();
  EXPECT_THAT(credentials_.resolve({"protal", {}}), IsEmpty());
  EXPECT_EQ(credentials_.the_only_one({}), std::nullopt);
  credentials_.need_one({});
  EXPECT_THAT(said(), IsEmpty());
}

TEST_F(NameTables, only_one_can_stand_where_one_is_asked_for) {
  declare("pool", 2);
  EXPECT_EQ(credentials_.resolve_one({"pool-2", {}}), 1U);
  EXPECT_EQ(credentials_.resolve_one({"pool", {}}), std::nullopt);
  EXPECT_THAT(said(),
              ElementsAre("`pool` means 2 of the kind credential, and only one can stand here"));
}

TEST_F(NameTables, the_only_one_needs_no_name) {
  EXPECT_EQ(credentials_.the_only_one({}), std::nullopt);
  EXPECT_THAT(said(), ElementsAre("which credential? there is none"));
  declare("portal");
  EXPECT_EQ(credentials_.the_only_one({}), 0U);
  EXPECT_TRUE(credentials_.used(0));
  declare("other");
  EXPECT_EQ(credentials_.the_only_one({}), std::nullopt);
  EXPECT_THAT(said(), ElementsAre("which credential? there are portal, other"));
}

TEST_F(NameTables, a_name_is_declared_once) {
  declare("pool-2");
  declare("pool", 3);
  declare("last");
  EXPECT_THAT(made_, ElementsAre("pool-2", "pool-1", "last"));
  EXPECT_THAT(said(), ElementsAre("there is another credential called `pool-2`"));
  EXPECT_EQ(credentials_.entry(2), 2U) << "entries count whether they declare anything or not";
}

TEST_F(NameTables, there_are_not_more_than_can_be_simulated) {
  declare("most", kMaxThings);
  declare("one_more", 1);
  EXPECT_EQ(credentials_.size(), kMaxThings);
  EXPECT_THAT(said(), ElementsAre("more than 200000 things of the kind: credential"));
}

TEST_F(NameTables, a_missing_section_is_reported_once) {
  credentials_.need_one({});
  credentials_.need_one({});
  EXPECT_THAT(credentials_.resolve({"portal", {}}), IsEmpty());
  EXPECT_THAT(said(), ElementsAre("a scenario needs at least one credential"));
}

}  // namespace
}  // namespace sluice
