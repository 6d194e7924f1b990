#include "scenarios/loader/sections/backoff.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "scenarios/loader/keys/scalar_types.hpp"

namespace sluice {
namespace {

template <int kWhich>
const Table<BackoffConfig>& backoff_table() {
  using B = BackoffConfig;
  static const Table<B> table{
      "a back-off",
      "min(cap, base × factor^(n-1)) before the n-th retry, times a uniform draw from [1 - jitter, "
      "1].",
      {key("base", duration_type(), &B::base, "before the first retry")
           .or_default(kWhich == 0 ? "0s" : "1s"),
       key("factor", number_type(), &B::factor, "from one retry to the next").or_default("2"),
       key("cap", duration_type(), &B::cap, "longest delay; not given: none"),
       key("jitter", share_type(), &B::jitter, "share of the delay that is random")
           .or_default("0%")}};
  return table;
}

}  // namespace

Type<BackoffConfig> backoff_type(const char* default_base) {
  const bool none = std::string_view(default_base) == "0s";
  Type<BackoffConfig> map = none ? object(backoff_table<0>) : object(backoff_table<1>);
  auto constant = converted<Duration, BackoffConfig>(duration_type(), [](Duration base) {
    BackoffConfig backoff;
    backoff.base = base;
    return backoff;
  });
  return named<BackoffConfig>(
      none ? "backoff" : "backoff_1s",
      by_shape<BackoffConfig>("a time such as `10s`, or `{base: 10s, factor: 2, cap: 5m}`",
                              {std::move(constant), std::nullopt, std::move(map)}));
}

}  // namespace sluice
