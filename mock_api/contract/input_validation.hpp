// run_input_variables against a workflow's input_schema, with the API's error body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/json.hpp"
#include "http/message.hpp"
#include "mock_api/contract/json_schema/json_schema.hpp"
#include "mock_api/contract/json_schema/pattern.hpp"
#include "mock_api/contract/start_run.hpp"

namespace sluice {

/// Compiled once per workflow version. Immutable.
class InputValidator {
 public:
  /// Throws std::invalid_argument if it is no schema.
  explicit InputValidator(Json input_schema);

  /// The 400 of contract 1.1 if the variables do not fit; none if they do. Flat schemas are checked
  /// on the text that was sent (below a microsecond); what does not surely fit, and everything
  /// else, is checked as JSON.
  std::optional<HttpReply> refuse(const StartRun& run) const;
  /// The same for variables that were not sent in this form (decrypted ones).
  std::optional<HttpReply> refuse(const Json& inputs) const;

  /// Whether the variables surely fit, by their text alone.
  bool surely_fits(const StartRun& run) const;
  const Json& schema() const { return schema_; }

 private:
  /// What is known of a property without looking at it as JSON.
  struct Property {
    std::string name;
    bool required = false;
    bool is_plain = false;  ///< nothing but what stands here is asked
    unsigned kinds = 0;     ///< bit per JsonKind that fits
    std::size_t least_length = 0, most_length = SIZE_MAX;
    std::optional<double> least, most;
    std::size_t least_items = 0;
    bool only_strings = false;       ///< of arrays
    std::vector<std::string> words;  ///< enum of strings; empty: any
    std::optional<Pattern> pattern;
  };

  void read_property(const std::string& name, const Json& schema);
  static bool take_keyword(Property& property, const std::string& keyword, const Json& value);
  bool fits(const Property& property, const StartRun& run, const InputVariable& variable) const;
  HttpReply reply(const SchemaProblem& problem) const;

  Json schema_;
  JsonSchema compiled_;
  bool is_flat_ = false;              ///< properties_ and closed_ say everything that the root asks
  bool closed_ = false;               ///< additionalProperties: false
  std::vector<Property> properties_;  ///< ascending in name
};

}  // namespace sluice
