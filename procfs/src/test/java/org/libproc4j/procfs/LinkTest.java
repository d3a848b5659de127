package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.libproc4j.procfs.Link.AnonInode.Kind;

/** What a link's text means. */
class LinkTest {
  static List<Arguments> aTextMeans() {
    return List.of(
        arguments("/usr/bin/odd", new Link.File(ByteString.of("/usr/bin/odd"))),
        arguments("/", new Link.File(ByteString.of("/"))),
        arguments("/a (deleted) b", new Link.File(ByteString.of("/a (deleted) b"))),
        arguments("/a (deleted)", new Link.DeletedFile(ByteString.of("/a"))),
        arguments("/memfd:a (deleted)", new Link.MemFd(ByteString.of("a"))),
        arguments("/memfd: (deleted)", new Link.MemFd(ByteString.of(""))),
        arguments("/memfd:a", new Link.File(ByteString.of("/memfd:a"))),
        arguments("pipe:[4711]", new Link.Pipe(4711)),
        arguments("socket:[4711]", new Link.Socket(4711)),
        arguments("net:[4026531833]", new Link.Namespace("net", 4026531833L)),
        arguments("anon_inode:[eventfd]", anonymous(Kind.EVENTFD, "[eventfd]")),
        arguments("anon_inode:[eventpoll]", anonymous(Kind.EVENTPOLL, "[eventpoll]")),
        arguments("anon_inode:[timerfd]", anonymous(Kind.TIMERFD, "[timerfd]")),
        arguments("anon_inode:[signalfd]", anonymous(Kind.SIGNALFD, "[signalfd]")),
        arguments("anon_inode:inotify", anonymous(Kind.INOTIFY, "inotify")),
        arguments("anon_inode:[fanotify]", anonymous(Kind.FANOTIFY, "[fanotify]")),
        arguments("anon_inode:[pidfd]", anonymous(Kind.PIDFD, "[pidfd]")),
        arguments("anon_inode:[io_uring]", anonymous(Kind.IO_URING, "[io_uring]")),
        arguments("anon_inode:bpf-prog", anonymous(Kind.BPF, "bpf-prog")),
        arguments("anon_inode:kvm-vcpu:0", anonymous(Kind.KVM, "kvm-vcpu:0")),
        arguments("anon_inode:[new]", anonymous(Kind.OTHER, "[new]")),
        arguments("(unreachable)/a", new Link.Other(ByteString.of("(unreachable)/a"))),
        arguments("pipe:[x]", new Link.Other(ByteString.of("pipe:[x]"))),
        arguments("", new Link.Other(ByteString.of(""))));
  }

  private static Link anonymous(Kind kind, String name) {
    return new Link.AnonInode(kind, ByteString.of(name));
  }

  @ParameterizedTest
  @MethodSource
  void aTextMeans(String text, Link meaning) {
    assertThat(Link.parse(ByteString.of(text))).isEqualTo(meaning).hasToString(text);
  }

  @Test
  void aPathKeepsItsBytesInAnyEncoding(@TempDir Path dir) throws Exception {
    // Made from a URI: by its name, Java could not say it in every locale.
    URI uri = URI.create(dir.toUri() + "gr%C3%B6%FF%0Ae%20%25+%20(deleted)");
    ByteString bytes = ByteString.ofLatin1("gr\303\266\377\ne %+ (deleted)");
    Path absolute = Files.createSymbolicLink(dir.resolve("absolute"), Path.of(uri));
    Path relative = Files.createSymbolicLink(dir.resolve("relative"), dir.relativize(Path.of(uri)));

    assertThat(JdkIo.INSTANCE.readLink(relative)).isEqualTo(bytes);
    assertThat(JdkIo.INSTANCE.readLink(absolute))
        .isEqualTo(ByteString.ofLatin1(dir + "/" + bytes.latin1()));
  }
}
