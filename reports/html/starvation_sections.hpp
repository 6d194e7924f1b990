// The sections of a page about who starves: load, starvation, why they waited, fair share.
#pragma once

#include "reports/html/section.hpp"
#include "reports/report.hpp"

namespace sluice {

/// `charts`: with the places for them.
PageSection load_against_capacity(const Report& report, bool charts);
PageSection who_starved(const Report& report, bool charts);
PageSection why_they_waited(const Report& report, bool charts);
PageSection who_got_how_much(const Report& report, bool charts);

}  // namespace sluice
