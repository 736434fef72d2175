#include "harness/net/closing_streams.hpp"

#include <utility>

namespace gauntlet::net {

class closing_streams::closing_stream final : private ready_watcher, private deadline {
 public:
  closing_stream(closing_streams& all, stream closing, ready_watcher& from)
      : deadline(all.limits_, all.limit_), all_(all), stream_(std::move(closing)) {
    all_.descriptors_.hand_over(stream_.socket(), from, *this);
    // What can be said at once is said now: the caller may end the process next. But nothing is
    // read: the caller may be looking at the bytes in the shared buffer.
    write();
  }
  ~closing_stream() { all_.descriptors_.remove(stream_.socket(), *this); }

  std::size_t index = 0;  // in closing_streams::all_

 private:
  void on_ready(std::uint32_t) override {
    if (advance()) all_.remove(*this);
  }
  void on_deadline() override { all_.remove(*this); }

  void write() {
    if (direction_ended_ || stream_.flush() != io_status::done) return;
    direction_ended_ = stream_.end_direction() == io_status::done;
  }

  // Answers whether the connection is over.
  bool advance() {
    write();
    if (stream_.broken()) return true;
    // Read even while flushing: a peer that waits for us to read may be why we cannot write.
    for (int rounds = 0; rounds < 16; ++rounds) {
      const io_result read = stream_.read_some(all_.scratch_);
      if (read.status == io_status::again) return false;
      if (read.status == io_status::failed) return true;
      if (read.status == io_status::finished) return direction_ended_;
    }
    all_.descriptors_.soon(*this);
    return false;
  }

  closing_streams& all_;
  stream stream_;
  bool direction_ended_ = false;
};

closing_streams::closing_streams(readiness& descriptors, deadlines& limits,
                                 std::span<std::uint8_t> scratch, duration limit)
    : descriptors_(descriptors), limits_(limits), scratch_(scratch), limit_(limit) {}

closing_streams::~closing_streams() = default;

void closing_streams::add(stream closing, ready_watcher& from) {
  all_.push_back(std::make_unique<closing_stream>(*this, std::move(closing), from));
  all_.back()->index = all_.size() - 1;
}

void closing_streams::remove(const closing_stream& over) {
  const std::size_t index = over.index;
  std::swap(all_[index], all_.back());
  all_[index]->index = index;
  all_.pop_back();
}

}  // namespace gauntlet::net
