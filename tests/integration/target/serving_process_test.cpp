// Goal: behind a process that only starts the broker, the broker itself is found.

#include "harness/target/serving_process.hpp"

#include <array>
#include <csignal>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gauntlet::target {
namespace {

/// What the listening process tells of itself.
struct announcement {
  pid_t pid = 0;
  std::uint16_t port = 0;
};

[[noreturn]] void listen_and_wait(int tell, int until_closed) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  auto* const name = reinterpret_cast<sockaddr*>(&here);
  const bool is_up = ::bind(listener, name, size) == 0 && ::listen(listener, 1) == 0 &&
                     ::getsockname(listener, name, &size) == 0;
  announcement made{::getpid(), ntohs(here.sin_port)};
  if (!is_up || ::write(tell, &made, sizeof made) != sizeof made) _exit(1);
  char nothing = 0;
  const ssize_t ended = ::read(until_closed, &nothing, 1);
  _exit(ended == 0 ? 0 : 1);
}

/// A process that starts another, which listens, and waits for it.
class started_by_script {
 public:
  started_by_script() {
    EXPECT_EQ(::pipe(told_.data()), 0);
    EXPECT_EQ(::pipe(end_.data()), 0);
    script_ = ::fork();
    if (script_ == 0) {
      const pid_t broker = ::fork();
      ::close(end_[1]);
      if (broker == 0) listen_and_wait(told_[1], end_[0]);
      ::waitpid(broker, nullptr, 0);
      _exit(0);
    }
    EXPECT_EQ(::read(told_[0], &broker_, sizeof broker_), ssize_t{sizeof broker_});
  }
  ~started_by_script() {
    ::close(end_[1]);
    ::waitpid(script_, nullptr, 0);
    for (const int each : {told_[0], told_[1], end_[0]}) ::close(each);
  }
  started_by_script(const started_by_script&) = delete;
  started_by_script& operator=(const started_by_script&) = delete;

  pid_t script() const { return script_; }
  const announcement& broker() const { return broker_; }

 private:
  std::array<int, 2> told_{};
  std::array<int, 2> end_{};
  pid_t script_ = -1;
  announcement broker_;
};

TEST(ServingProcess, IsTheOneThatListens) {
  const started_by_script started;
  EXPECT_THAT(process_tree(started.script()),
              ::testing::ElementsAre(started.script(), started.broker().pid));
  EXPECT_EQ(serving_process(started.script(), started.broker().port), started.broker().pid);
  EXPECT_EQ(serving_process(started.broker().pid, started.broker().port), started.broker().pid);
}

TEST(ServingProcess, IsTheFirstWhereNoneListens) {
  const started_by_script started;
  constexpr std::uint16_t nobodys_port = 1;
  EXPECT_EQ(serving_process(started.script(), nobodys_port), started.script());
}

}  // namespace
}  // namespace gauntlet::target
