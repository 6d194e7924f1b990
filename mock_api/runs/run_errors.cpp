#include "mock_api/runs/run_errors.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

namespace sluice {
namespace {

struct SubType {
  std::string_view category, sub_type;
};

constexpr std::array kTaxonomy{
    SubType{"AUTHENTICATION_ERROR", "INVALID_CREDENTIALS"},
    SubType{"AUTHENTICATION_ERROR", "MFA_CODE_REJECTED"},
    SubType{"AUTHENTICATION_ERROR", "TFA_SETUP_REQUIRED"},
    SubType{"AUTHENTICATION_ERROR", "ACCOUNT_LOCKED"},
    SubType{"AUTHENTICATION_ERROR", "SILENT_LOGIN_FAILURE"},
    SubType{"AUTHENTICATION_ERROR", "ACCESS_DENIED"},
    SubType{"INCORRECT_FORM_INPUTS", "FIELD_VALIDATION_ERROR"},
    SubType{"INCORRECT_FORM_INPUTS", "NO_MATCHING_OPTION"},
    SubType{"INCORRECT_FORM_INPUTS", "EMPTY_SELECTOR_VALUE"},
    SubType{"INCORRECT_FORM_INPUTS", "UNRESOLVED_TEMPLATE"},
    SubType{"INCORRECT_FORM_INPUTS", "PAGINATION_MISSING"},
    SubType{"INCORRECT_FORM_INPUTS", "MULTIPLE_MATCHING_RESULTS_FOUND"},
    SubType{"PASSWORD_UPDATE_REQUIRED", ""},
    SubType{"PAGE_NOT_FOUND", ""},
    SubType{"UNEXPECTED_UI_STATE", "DECISION_REQUIRED"},
    SubType{"UNEXPECTED_UI_STATE", "DISMISSIBLE"},
    SubType{"XPATH_INCORRECT", "SELECTOR_NO_MATCH"},
    SubType{"XPATH_INCORRECT", "AMBIGUOUS_MATCHES"},
    SubType{"XPATH_INCORRECT", "SELECTOR_MISMATCH"},
    SubType{"XPATH_INCORRECT", "TABLE_SELECTOR_MISMATCH"},
    SubType{"UPSTREAM_ERROR", "TRANSIENT_SITE_ISSUE"},
    SubType{"UPSTREAM_ERROR", "PREREQUISITE_NOT_MET"},
    SubType{"UPSTREAM_ERROR", "TIMING_RACE"},
    SubType{"UPSTREAM_ERROR", "SILENT_UPSTREAM_FAILURE"},
    SubType{"SERVICE_UNAVAILABLE", "APPLICATION_ERROR"},
    SubType{"SERVICE_UNAVAILABLE", "ELEMENT_TIMEOUT"},
    SubType{"SERVICE_UNAVAILABLE", "HTTP_ERROR"},
    SubType{"SERVICE_UNAVAILABLE", "MAINTENANCE_DOWNTIME"},
};

/// `service unavailable` and `service-unavailable` are SERVICE_UNAVAILABLE.
std::string code_of(std::string_view name) {
  std::string code;
  for (const char c : name) {
    const bool is_letter = c >= 'a' && c <= 'z';
    const bool is_kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    code += is_letter ? static_cast<char>(c - 'a' + 'A') : is_kept ? c : '_';
  }
  return code;
}

SubType place_of(std::string_view code, bool is_retried) {
  for (const SubType& place : kTaxonomy)
    if (place.sub_type == code || place.category == code) return place;
  return is_retried ? SubType{"SERVICE_UNAVAILABLE", "APPLICATION_ERROR"}
                    : SubType{"UNEXPECTED_UI_STATE", "DECISION_REQUIRED"};
}

RunError error_of(std::string_view message, std::string_view code, SubType place = {}) {
  RunError error;
  error.message = message;
  error.error_code = code;
  error.category = place.category;
  error.sub_type = place.sub_type;
  return error;
}

}  // namespace

RunError failure_error(const FailureKindConfig& failure) {
  const std::string code = code_of(failure.name);
  RunError error =
      error_of(fmt::format("Run failed: {}", failure.name), code, place_of(code, failure.retry));
  error.description = failure.retry ? "The target site did not answer as expected"
                                    : "The page was not what the workflow expects";
  error.original_error = fmt::format("{} (failure kind of the scenario)", failure.name);
  return error;
}

RunError scripted_error(const RunScript& script, RunError base) {
  const bool other_place = !script.category.empty() && script.category != base.category;
  if (other_place && script.sub_type.empty()) base.sub_type.clear();
  const std::array words{
      std::pair{&script.category, &base.category}, std::pair{&script.sub_type, &base.sub_type},
      std::pair{&script.error_code, &base.error_code}, std::pair{&script.message, &base.message},
      std::pair{&script.description, &base.description}};
  for (const auto& [given, place] : words)
    if (!given->empty()) *place = *given;
  if (!script.message.empty()) base.original_error = script.message;
  return base;
}

RunError scripted_failure(const RunScript& script, bool is_retried) {
  FailureKindConfig kind;
  kind.name = "scripted failure";
  for (const std::string* word : {&script.error_code, &script.sub_type, &script.category})
    if (!word->empty()) kind.name = *word;
  kind.retry = is_retried;
  RunError error = failure_error(kind);
  error.original_error = "A failure that was asked for";
  return scripted_error(script, std::move(error));
}

RunError end_error(EndReason reason, std::string_view alias) {
  switch (reason) {
    case EndReason::login_failed: {
      RunError error = error_of(fmt::format("Login failed for {}", alias), "AUTHENTICATION-E0001",
                                {"AUTHENTICATION_ERROR", "INVALID_CREDENTIALS"});
      error.description = "The target site refused the credentials";
      return error;
    }
    case EndReason::interaction_timeout:
      return error_of("Nobody provided the data that the run asked for", "INTERACTION-E0001",
                      {"ADDITIONAL_USER_INPUT_REQUIRED", ""});
    case EndReason::sibling_login_failed:
      return error_of(
          "Run was interrupted because another run failed to log in with the same "
          "credentials",
          "INTERRUPTED-E0002");
    case EndReason::interrupted:
      return error_of("Run was interrupted", "INTERRUPTED-E0001");
    case EndReason::timeout: {
      RunError error = error_of("Run took longer than its workflow allows", "TIMEOUT-E0001",
                                {"SERVICE_UNAVAILABLE", "ELEMENT_TIMEOUT"});
      error.description = "The attempt was ended by the timeout of its workflow";
      return error;
    }
    case EndReason::expired:
      return error_of("Run waited longer than its workflow allows", "INTERRUPTED-E0003");
    case EndReason::cancelled:
      return error_of("Run was interrupted", "INTERRUPTED-E0001");
    case EndReason::completed:
    case EndReason::failure:
      break;
  }
  return error_of("Run failed", "FAILURE", {"UNEXPECTED_UI_STATE", "DECISION_REQUIRED"});
}

}  // namespace sluice
