// Whether documents are as a JSON Schema says, by valijson: an implementation that is not ours.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace sluice::test {

class ValijsonSchema {
 public:
  explicit ValijsonSchema(const nlohmann::json& schema);
  ~ValijsonSchema();

  /// Much quicker than to say what is wrong: the first thing that is ends it.
  bool accepts(const nlohmann::json& document) const;
  /// Empty if `document` is as it should be; otherwise a line for each thing that is not.
  std::string violations(const nlohmann::json& document) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace sluice::test
