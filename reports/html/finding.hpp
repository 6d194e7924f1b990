// What a page says first: its heading, and the three figures that matter. Plain words, for any
// report.
#pragma once

#include <string>
#include <vector>

#include "reports/report.hpp"

namespace sluice {

/// "LOW starves for up to 1h46m, with room to spare on average".
std::string finding(const Report& report);

/// A large figure, what it is, and where the page shows more of it.
struct KeyFigure {
  std::string value;    ///< "1h31m"
  std::string beside;   ///< "±18m", "asked for, 40 there"; may be empty
  std::string what;     ///< "LOW's longest starvation."
  std::string more;     ///< a sentence or two; may be empty
  std::string section;  ///< the name of its section
};
/// Three at most; fewer if there is too little to say.
std::vector<KeyFigure> key_figures(const Report& report);

}  // namespace sluice
