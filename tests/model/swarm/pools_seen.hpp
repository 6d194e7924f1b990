// Which credentials a need means, as the pipeline told when it first used them.
#pragma once

#include <map>
#include <vector>

#include "pipeline/observer.hpp"

namespace sluice::swarm {

class PoolsSeen final : public PipelineObserver {
 public:
  void pool_defined(std::uint32_t pool_use, std::uint32_t, const CredentialId* first,
                    std::size_t count) override {
    pools_[pool_use].assign(first, first + count);
  }
  std::vector<CredentialId> members(Need need) const {
    return need.is_pool() ? pools_.at(need.pool_use()) : std::vector{need.credential()};
  }

 private:
  std::map<std::uint32_t, std::vector<CredentialId>> pools_;
};

}  // namespace sluice::swarm
