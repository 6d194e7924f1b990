#pragma once
#include "reports/recorder.hpp"
namespace sluice { inline ReplicationResult observable_from_outside(ReplicationResult r) { return r; } }
