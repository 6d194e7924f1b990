// The sections of a page about waits, workers, credentials, throughput and expectations.
#pragma once

#include "reports/html/section.hpp"
#include "reports/report.hpp"

namespace sluice {

/// `charts`: with the places for them.
PageSection how_long_they_waited(const Report& report, bool charts);
PageSection workers_and_credentials(const Report& report, bool charts);
PageSection what_came_and_went(const Report& report, bool charts);
PageSection what_was_expected(const Report& report, bool charts);

}  // namespace sluice
