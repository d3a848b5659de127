/*
 * Calls on sockets. Those that have a time limit by SO_RCVTIMEO or SO_SNDTIMEO are interrupted by stops.
 */
#ifndef BLOCKER_SOCKETS_H
#define BLOCKER_SOCKETS_H

#include "blocker.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_un address;
static socklen_t address_length;
static int pipe_ends[2];
static int file;

static void limit_socket(int fd, int option) {
  struct timeval time = {limit.tv_sec, limit.tv_nsec / 1000};
  if (limit_ms != 0 && setsockopt(fd, SOL_SOCKET, option, &time, sizeof time) == -1) {
    die("setsockopt");
  }
}

static int new_socket(int type) {
  int fd = socket(AF_UNIX, type, 0);
  if (fd == -1) die("socket");
  return fd;
}

/* The kernel gives it a name that nobody else has. */
static int named_socket(int type) {
  int fd = new_socket(type);
  address.sun_family = AF_UNIX;
  address_length = sizeof address;
  if (bind(fd, (void *)&address, sizeof address.sun_family) == -1 ||
      getsockname(fd, (void *)&address, &address_length) == -1) {
    die("bind");
  }
  return fd;
}

static int connect_to_address(int fd) { return connect(fd, (void *)&address, address_length); }

static void open_pipe(void) {
  if (pipe(pipe_ends) == -1) die("pipe");
}

/* ---- what receives */

static void prepare_receive(void) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1) die("socketpair");
  near = pair[0];
  far = pair[1];
  limit_socket(near, SO_RCVTIMEO);
  open_pipe();
}

static void send_to_near(void) { send_byte(far); }
static void drain_pipe(void) { drain(pipe_ends[0]); }

static long do_recv(void) { return recv(near, bytes, 1, 0); }
static long do_read(void) { return read(near, bytes, 1); }
static long do_readv(void) { return readv(near, &one_byte, 1); }
static long do_preadv2(void) { return preadv2(near, &one_byte, 1, -1, 0); }
static long do_splice_from(void) { return splice(near, NULL, pipe_ends[1], NULL, 1, 0); }

static long do_recvfrom(void) {
  struct sockaddr_un from;
  socklen_t length = sizeof from;
  return recvfrom(near, bytes, 1, 0, (void *)&from, &length);
}

static long do_recvmsg(void) {
  struct msghdr message = {.msg_iov = &one_byte, .msg_iovlen = 1};
  return recvmsg(near, &message, 0);
}

static long do_recvmmsg(void) {
  struct mmsghdr message = {.msg_hdr = {.msg_iov = &one_byte, .msg_iovlen = 1}};
  return recvmmsg(near, &message, 1, 0, NULL);
}

/* ---- what waits for a connection */

static void prepare_accept(void) {
  near = named_socket(SOCK_STREAM);
  if (listen(near, 8) == -1) die("listen");
  limit_socket(near, SO_RCVTIMEO);
}

static void connect_to_near(void) {
  int fd = new_socket(SOCK_STREAM);
  if (connect_to_address(fd) == -1) die("connect");
  close(fd);
}

static long do_accept4(void) {
  int fd = accept4(near, NULL, NULL, SOCK_CLOEXEC);
  return fd == -1 ? -1 : close(fd);
}

static long do_accept(void) {
  int fd = accept(near, NULL, NULL);
  return fd == -1 ? -1 : close(fd);
}

/* With a backlog of 0 one connection waits, and the next one blocks. */
static void prepare_connect(void) {
  far = named_socket(SOCK_STREAM);
  if (listen(far, 0) == -1) die("listen");
  connect_to_near();
}

static void before_connect(void) {
  if (near != -1) close(near);
  near = new_socket(SOCK_STREAM);
  limit_socket(near, SO_SNDTIMEO);
}

static void accept_at_far(void) {
  int fd = accept(far, NULL, NULL);
  if (fd == -1) die("accept");
  close(fd);
}

static long do_connect(void) { return connect_to_address(near); }

/* ---- what sends: datagrams, of which each one that is received makes room for one */

static void prepare_send(void) {
  far = named_socket(SOCK_DGRAM);
  near = new_socket(SOCK_DGRAM);
  if (connect_to_address(near) == -1) die("connect");
  limit_socket(near, SO_SNDTIMEO);
  open_pipe();
  file = memfd_create("blocker", MFD_CLOEXEC);
  if (file == -1) die("memfd_create");
  send_byte(file);
}

static void fill_socket(void) {
  while (send(near, bytes, 1, MSG_DONTWAIT) == 1) continue;
  if (errno != EAGAIN) die("send");
}

static void fill_socket_and_pipe(void) {
  fill_socket();
  drain_pipe();
  send_byte(pipe_ends[1]);
}

static void receive_at_far(void) {
  if (recv(far, (char[1]){0}, 1, 0) == -1) die("recv");
}

static long do_send(void) { return send(near, bytes, 1, 0); }
static long do_sendto(void) {
  return sendto(near, bytes, 1, 0, (void *)&address, address_length);
}
static long do_write(void) { return write(near, bytes, 1); }
static long do_writev(void) { return writev(near, &one_byte, 1); }
static long do_pwritev2(void) { return pwritev2(near, &one_byte, 1, -1, 0); }
static long do_splice_to(void) { return splice(pipe_ends[0], NULL, near, NULL, 1, 0); }

static long do_sendmsg(void) {
  struct msghdr message = {.msg_iov = &one_byte, .msg_iovlen = 1};
  return sendmsg(near, &message, 0);
}

static long do_sendmmsg(void) {
  struct mmsghdr message = {.msg_hdr = {.msg_iov = &one_byte, .msg_iovlen = 1}};
  return sendmmsg(near, &message, 1, 0);
}

static long do_sendfile(void) {
  off_t start = 0;
  return sendfile(near, file, &start, 1);
}

#define RECEIVER(name, call, before) \
  {name, prepare_receive, before, call, send_to_near, {1, 0}, true, {-1, EAGAIN}, LIMITED}
#define SENDER(name, call, before) \
  {name, prepare_send, before, call, receive_at_far, {1, 0}, true, {-1, EAGAIN}, LIMITED}
#define SOCKET_CALLS \
  RECEIVER("recv", do_recv, NULL), \
  RECEIVER("recvfrom", do_recvfrom, NULL), \
  RECEIVER("recvmsg", do_recvmsg, NULL), \
  RECEIVER("recvmmsg", do_recvmmsg, NULL), \
  RECEIVER("read_socket", do_read, NULL), \
  RECEIVER("readv_socket", do_readv, NULL), \
  RECEIVER("preadv2_socket", do_preadv2, NULL), \
  RECEIVER("splice_from_socket", do_splice_from, drain_pipe), \
  {"accept", prepare_accept, NULL, do_accept, connect_to_near, {0, 0}, true, {-1, EAGAIN}, LIMITED}, \
  {"accept4", prepare_accept, NULL, do_accept4, connect_to_near, {0, 0}, true, {-1, EAGAIN}, LIMITED}, \
  {"connect", prepare_connect, before_connect, do_connect, accept_at_far, {0, 0}, true, {-1, EAGAIN}, LIMITED}, \
  SENDER("send", do_send, fill_socket), \
  SENDER("sendto", do_sendto, fill_socket), \
  SENDER("sendmsg", do_sendmsg, fill_socket), \
  SENDER("sendmmsg", do_sendmmsg, fill_socket), \
  SENDER("write_socket", do_write, fill_socket), \
  SENDER("writev_socket", do_writev, fill_socket), \
  SENDER("pwritev2_socket", do_pwritev2, fill_socket), \
  SENDER("sendfile", do_sendfile, fill_socket), \
  SENDER("splice_to_socket", do_splice_to, fill_socket_and_pipe)

#endif
