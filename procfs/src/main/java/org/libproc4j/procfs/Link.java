package org.libproc4j.procfs;

import java.util.Map;

/**
 * What a link of {@code /proc} leads to: those in {@code fd}, {@code exe}, {@code cwd}, {@code
 * root} and {@code ns}; proc_pid_fd(5). Told by the link's text alone, so that a file whose name
 * looks like another kind is taken for that. {@code toString()} is that text, fit for one line of a
 * terminal.
 */
public sealed interface Link {
  /**
   * A file or directory.
   *
   * @param path its path, below our own root directory
   */
  record File(ByteString path) implements Link {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * A file that has no name any more, or never had one ({@code O_TMPFILE}).
   *
   * @param path its last path
   */
  record DeletedFile(ByteString path) implements Link {
    @Override
    public String toString() {
      return path + LinkParser.DELETED;
    }
  }

  /**
   * Memory as a file: memfd_create(2).
   *
   * @param name the name that it was given
   */
  record MemFd(ByteString name) implements Link {
    @Override
    public String toString() {
      return LinkParser.MEMFD + name + LinkParser.DELETED;
    }
  }

  /**
   * A pipe. Both ends have the same inode. A FIFO with a name is a {@link File}.
   *
   * @param inode the number of its inode
   */
  record Pipe(long inode) implements Link {
    @Override
    public String toString() {
      return LinkParser.numbered("pipe", inode);
    }
  }

  /**
   * A socket.
   *
   * @param inode the number of its inode, as the files of {@code /proc/net} show it
   */
  record Socket(long inode) implements Link {
    @Override
    public String toString() {
      return LinkParser.numbered("socket", inode);
    }
  }

  /**
   * A namespace: namespaces(7).
   *
   * @param type its type, {@code net} for example
   * @param inode the number of its inode, which names it
   */
  record Namespace(String type, long inode) implements Link {
    @Override
    public String toString() {
      return LinkParser.numbered(type, inode);
    }
  }

  /**
   * An object of the kernel that has no inode of its own.
   *
   * @param kind what it is
   * @param name the kernel's word for it, {@code [eventfd]} for example
   */
  record AnonInode(Kind kind, ByteString name) implements Link {
    @Override
    public String toString() {
      return LinkParser.ANON_INODE + name;
    }

    /** The kinds of such objects. */
    public enum Kind {
      /** eventfd(2). */
      EVENTFD,
      /** epoll(7). */
      EVENTPOLL,
      /** timerfd_create(2). */
      TIMERFD,
      /** signalfd(2). */
      SIGNALFD,
      /** inotify(7). */
      INOTIFY,
      /** fanotify(7). */
      FANOTIFY,
      /** pidfd_open(2). */
      PIDFD,
      /** io_uring(7). */
      IO_URING,
      /** perf_event_open(2). */
      PERF_EVENT,
      /** userfaultfd(2). */
      USERFAULTFD,
      /** A map, program, link or iterator of bpf(2). */
      BPF,
      /** A virtual machine, or a part of one. */
      KVM,
      /** The supervisor's end of seccomp_unotify(2). */
      SECCOMP_NOTIFY,
      /** landlock_create_ruleset(2). */
      LANDLOCK_RULESET,
      /** fsopen(2), fspick(2). */
      FSCONTEXT,
      /** One that this library does not know. */
      OTHER;

      private static final Map<String, Kind> BY_NAME =
          Map.ofEntries(
              Map.entry("[eventfd]", EVENTFD),
              Map.entry("[eventpoll]", EVENTPOLL),
              Map.entry("[timerfd]", TIMERFD),
              Map.entry("[signalfd]", SIGNALFD),
              Map.entry("inotify", INOTIFY),
              Map.entry("[fanotify]", FANOTIFY),
              Map.entry("[pidfd]", PIDFD),
              Map.entry("[io_uring]", IO_URING),
              Map.entry("[perf_event]", PERF_EVENT),
              Map.entry("[userfaultfd]", USERFAULTFD),
              Map.entry("seccomp notify", SECCOMP_NOTIFY),
              Map.entry("[landlock-ruleset]", LANDLOCK_RULESET),
              Map.entry("[fscontext]", FSCONTEXT));

      static Kind of(String name) {
        if (name.startsWith("bpf")) {
          return BPF;
        }
        return name.startsWith("kvm") ? KVM : BY_NAME.getOrDefault(name, OTHER);
      }
    }
  }

  /**
   * Something else: a path that our root directory does not reach ({@code (unreachable)/…}), a kind
   * that this library does not know.
   *
   * @param text the link's text
   */
  record Other(ByteString text) implements Link {
    @Override
    public String toString() {
      return text.toString();
    }
  }

  /**
   * Tells what a link's text means.
   *
   * @param text the text as readlink(2) returns it
   * @return what it leads to
   */
  static Link parse(ByteString text) {
    return LinkParser.parse(text);
  }
}
