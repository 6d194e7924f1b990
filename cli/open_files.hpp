// How many files this process may have open.
#pragma once

namespace sluice {

/// As many as the system lets it: each connection is a file, and the usual limit is for programs
/// that have few.
void allow_many_open_files();

}  // namespace sluice
