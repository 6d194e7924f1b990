#include "scenarios/loader/sections/expectations.hpp"

#include <cstddef>
#include <optional>
#include <utility>

#include "reports/expectations/reach.hpp"
#include "reports/figures/names.hpp"
#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

const Table<ExpectationText>& expectation_table() {
  using E = ExpectationText;
  static const Table<E> table{
      "an expectation",
      "A limit on a metric.",
      {key("that", located_text_type(), &E::sentence, "`LOW.wait.p95 < 45m`").required(),
       key("because", text_type(), &E::because, "where the limit comes from")}};
  return table;
}

/// "group" of "resource group": the label of a metric that such a thing stands behind.
std::string last_word(const std::string& kind) { return kind.substr(kind.rfind(' ') + 1); }

/// What it names may be something that could not be read, which was reported.
bool may_name_unread(const std::string& sentence, const DeclaredNames& names) {
  for (const NameTable* things :
       {&names.groups, &names.workspaces, &names.credentials, &names.workflows, &names.submitters})
    if (!things->complete() && sentence.find(last_word(things->kind())) != std::string::npos)
      return true;
  return false;
}

}  // namespace

Type<ExpectationText> expectation_type() {
  auto sentence = converted<Name, ExpectationText>(located_text_type(), [](Name text) {
    return ExpectationText{std::move(text), {}};
  });
  return by_shape<ExpectationText>(
      "a sentence such as `LOW.wait.p95 < 45m`, or `{that: …, because: …}`",
      {std::move(sentence), std::nullopt, object(expectation_table)});
}

std::vector<Expectation> build_expectations(const std::vector<ExpectationText>& texts,
                                            const DeclaredNames& names,
                                            const PipelineConfig& pipeline, Problems& problems) {
  std::vector<std::string> submitters;
  for (std::size_t i = 0; i < names.submitters.size(); ++i)
    submitters.push_back(names.submitters.name(i));
  const Names known = names_of(pipeline, std::move(submitters));
  std::vector<Expectation> expectations;
  for (const ExpectationText& text : texts) {
    const Name& sentence = text.sentence;
    if (sentence.text.empty()) continue;  // reported already
    Parsed<Expectation> parsed = parse_expectation(sentence.text, known);
    if (parsed) {
      parsed.value->because = text.because;
      parsed.value->file = problems.sources()[sentence.mark.source].name;
      parsed.value->line = sentence.mark.line;
      expectations.push_back(std::move(*parsed.value));
    } else if (!may_name_unread(sentence.text, names)) {
      problems.error_inside(sentence.mark, sentence.text, parsed.error.offset,
                            parsed.error.message);
    }
  }
  return expectations;
}

std::vector<ReachExpectation> build_reaches(const std::vector<Name>& sentences,
                                            Problems& problems) {
  std::vector<ReachExpectation> reaches;
  for (const Name& sentence : sentences) {
    if (sentence.text.empty()) continue;  // reported already
    Parsed<ReachExpectation> parsed = parse_reach(sentence.text);
    if (!parsed)
      problems.error_inside(sentence.mark, sentence.text, parsed.error.offset,
                            parsed.error.message);
    else
      reaches.push_back(std::move(*parsed.value));
  }
  return reaches;
}

}  // namespace sluice
