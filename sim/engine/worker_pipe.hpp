#pragma once

// Messages between the coordinator and a worker process, over a pair of local sockets:
//
//   size: 4 bytes, little endian | kind: 1 byte | body: size bytes
//
// Both ends are forked from one binary, so there is no version and no byte order to agree on beyond
// this.

#include <cstdint>
#include <functional>

#include "harness/base/bytes.hpp"
#include "harness/base/result.hpp"

namespace gauntlet::sim {

/// What a message says. To the worker: start, finish. From it: progress, finished, failed.
enum class worker_message : std::uint8_t {
  start = 1,    ///< where to connect, and when the run starts
  publish = 6,  ///< from when on planned times count
  stop_publishing = 7,
  finish = 2,    ///< disconnect and send everything measured
  progress = 3,  ///< counters so far
  finished = 4,  ///< measurements and ledger; the last message of a worker
  failed = 5,    ///< one sentence: the worker cannot go on
};

/// One end of the connection between coordinator and worker. Owns its descriptor.
class worker_pipe {
 public:
  using message_function = std::function<void(worker_message kind, byte_view body)>;

  worker_pipe() = default;
  explicit worker_pipe(int descriptor) : descriptor_(descriptor) {}
  ~worker_pipe();
  worker_pipe(worker_pipe&& other) noexcept;
  worker_pipe& operator=(worker_pipe&& other) noexcept;

  int descriptor() const { return descriptor_; }
  bool open() const { return descriptor_ >= 0; }

  /// Sends a whole message; waits while the other end is slow. Answers false when it is gone.
  bool send(worker_message kind, byte_view body);

  /// Reads what is there and calls `on_message` for each whole message. Answers false at the end of
  /// the stream. To be called when the descriptor is readable.
  bool receive(const message_function& on_message);

 private:
  void swap(worker_pipe& other) noexcept;

  int descriptor_ = -1;
  byte_buffer pending_;
};

/// Two connected ends. Fails only when descriptors have run out.
outcome<std::pair<worker_pipe, worker_pipe>> make_worker_pipe();

}  // namespace gauntlet::sim
