// How to get to a target by way of a proxy.
#pragma once

#include <string>

#include "http/client/target.hpp"

namespace sluice {

/// CONNECT to the host and port of `target`, in bytes (RFC 9110, section 9.3.6).
std::string connect_request(const Target& target, const Target& proxy);

/// Makes of a request for `target` one that a proxy answers: in absolute form (RFC 9112, section
/// 3.2.2), with what the proxy wants to know of who asks.
void put_into_absolute_form(std::string& request, const Target& target, const Target& proxy);

}  // namespace sluice
