// What was probably meant where a text is not YAML: the traps that scenarios fall into, in words
// that name the cause and what to write instead.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice {

/// `offset`: where the parser gave up; `message`: its own. Gives `message` back where nothing
/// better is known. Cost: linear in the line.
std::string cause_of_yaml_error(std::string_view text, std::size_t offset,
                                std::string_view message);

/// Whether the quoted text that begins at `offset` ends before `text` does.
bool quote_is_closed(std::string_view text, std::size_t offset);

}  // namespace sluice
