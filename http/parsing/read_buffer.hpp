// Bytes that came and were not used yet, in one piece.
#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "base/check.hpp"

namespace sluice {

/// Grows only when it is told to. Not thread-safe.
class ReadBuffer {
 public:
  explicit ReadBuffer(std::size_t capacity) { reset(capacity); }

  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::size_t capacity() const { return capacity_; }

  /// Where the next bytes go; empty if it is full. Moves what is left to the front first.
  std::span<char> space() {
    if (begin_ > 0) {
      std::memmove(data_.get(), data_.get() + begin_, size());
      end_ -= begin_;
      begin_ = 0;
    }
    return {data_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t bytes) {
    SLUICE_REQUIRE(bytes <= capacity_ - end_, "no more than there was space for");
    end_ += bytes;
  }
  void consume(std::size_t bytes) {
    SLUICE_REQUIRE(bytes <= size(), "no more than has come");
    begin_ += bytes;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  /// Takes `bytes` out of the middle, `offset` from the start.
  void erase(std::size_t offset, std::size_t bytes) {
    char* const at = data_.get() + begin_ + offset;
    SLUICE_REQUIRE(offset <= size() && bytes <= size() - offset, "no more than has come");
    std::memmove(at, at + bytes, end_ - begin_ - offset - bytes);
    end_ -= bytes;
  }
  void append(std::string_view bytes) {
    if (space().size() < bytes.size()) grow(size() + bytes.size());
    std::memcpy(space().data(), bytes.data(), bytes.size());
    commit(bytes.size());
  }
  void grow(std::size_t capacity) {
    if (capacity <= capacity_) return;
    std::unique_ptr<char[]> data(new char[capacity]);
    std::memcpy(data.get(), data_.get() + begin_, size());
    end_ = size();
    begin_ = 0;
    data_ = std::move(data);
    capacity_ = capacity;
  }
  /// Empty, of this capacity.
  void reset(std::size_t capacity) {
    data_.reset(new char[capacity]);
    capacity_ = capacity;
    begin_ = end_ = 0;
  }

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sluice
