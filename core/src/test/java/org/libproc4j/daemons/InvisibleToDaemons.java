package org.libproc4j.daemons;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libproc4j.Errno;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.procfs.ProcFs;
import org.libproc4j.testing.Await;
import org.libproc4j.testing.BusyJvm;
import org.libproc4j.testing.Target;

/**
 * Programs that earn money, stopped a thousand times while clients ask them all the time: neither
 * says that anything was wrong. Not part of a build, since it installs what it needs, by Debian's
 * {@code apt-get}: see {@code CONTRIBUTING.md}.
 *
 * <p>{@code -Dlibproc4j.daemons.stops=N}: how many stops of each. With {@code
 * -Dlibproc4j.daemons.transparent=false}, nginx does say something: the stops are not mended then.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class InvisibleToDaemons {
  private static final int STOPS = Integer.getInteger("libproc4j.daemons.stops", 1000);
  private static final boolean TRANSPARENT =
      Boolean.parseBoolean(System.getProperty("libproc4j.daemons.transparent", "true"));
  private static final int LATEST_NANOS = 2_000_000;
  private static final int CLIENTS = 3;
  private static final List<String> PACKAGES = List.of("redis-server", "nginx-light", "nodejs");
  private static final Duration INSTALL = Duration.ofMinutes(10);

  /** What no daemon may say. */
  private static final String COMPLAINT =
      "(?i).*(error|warn|fail|crit|emerg|alert|interrupted system call|eintr|exception).*";

  @TempDir Path directory;

  @BeforeAll
  static void install() throws Exception {
    List<String> command = new ArrayList<>(List.of("apt-get", "install", "-y", "-q"));
    // Debian starts what it installs; here is no place for that.
    command.addAll(0, List.of("env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive"));
    command.add("--no-install-recommends");
    command.addAll(PACKAGES);
    Process apt =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(apt.waitFor(INSTALL.toMillis(), TimeUnit.MILLISECONDS)).as("%s", command).isTrue();
    assertThat(apt.exitValue()).as("%s", command).isZero();
  }

  @Test
  void redis() throws Exception {
    Path socket = directory.resolve("redis");
    try (Target redis =
        Target.startProgram(
            ".*[Rr]eady to accept connections.*",
            "/usr/bin/env",
            "redis-server",
            "--port",
            "0",
            "--unixsocket",
            socket.toString(),
            "--save",
            "",
            "--dir",
            directory.toString())) {
      stopUnderLoad(redis, List.of(redis.pid()), () -> new RedisClient(socket));
    }
  }

  @Test
  void nginx() throws Exception {
    Path socket = directory.resolve("nginx");
    Path configuration =
        write(
            "nginx.conf",
            """
            daemon off;
            user root;
            worker_processes 2;
            pid %1$s/nginx.pid;
            error_log stderr info;
            events {}
            http {
              access_log off;
              client_body_temp_path %1$s/body;
              proxy_temp_path %1$s/proxy;
              fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi;
              scgi_temp_path %1$s/scgi;
              keepalive_requests 1000000;
              server {
                listen unix:%2$s;
                location / { return 200 "%3$s"; }
              }
            }
            """
                .formatted(directory, socket, HttpClient.BODY));
    try (Target nginx =
        Target.startProgram(
            ".*start worker process \\d+",
            "/usr/bin/env",
            "nginx",
            "-e",
            "stderr",
            "-c",
            configuration.toString())) {
      nginx.awaitLine("(?s).*start worker process (\\d+)");
      List<Integer> pids = new ArrayList<>(List.of(nginx.pid()));
      assertThat(nginx.comesSoon(() -> workers(nginx).size() == 2)).isTrue();
      pids.addAll(workers(nginx));
      stopUnderLoad(nginx, pids, () -> new HttpClient(socket));
    }
  }

  private static List<Integer> workers(Target nginx) {
    return ProcFs.of().process(nginx.pid()).children().orElse(List.of());
  }

  @Test
  void node() throws Exception {
    Path socket = directory.resolve("node");
    Path script =
        write(
            "server.js",
            """
            const http = require('http');
            let ticks = 0;
            setInterval(() => { ticks++; }, 5);
            const server = http.createServer((request, response) => { response.end('%s'); });
            server.keepAliveTimeout = 0;
            server.on('clientError', (error) => { console.log('error ' + error); });
            server.listen('%s', () => { console.log('listening'); });
            """
                .formatted(HttpClient.BODY, socket));
    try (Target node =
        Target.startProgram("listening", "/usr/bin/env", "node", script.toString())) {
      stopUnderLoad(node, List.of(node.pid()), () -> new HttpClient(socket));
    }
  }

  @Test
  void jvm() throws Exception {
    try (Target jvm = BusyJvm.start()) {
      stop(List.of(jvm.pid()));
      jvm.ask("check", "sound (\\d+)");
      assertThat(jvm.events()).noneMatch(line -> line.matches(COMPLAINT));
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private static void stopUnderLoad(Target daemon, List<Integer> pids, Load.Opening client)
      throws Exception {
    int mark = daemon.mark();
    try (Load load = Load.start(CLIENTS, client)) {
      load.awaitProgress();
      stop(pids);
      load.awaitProgress();
      System.out.println(daemon + ": " + STOPS + " stops, " + load.answers() + " answers");
    }
    List<String> said = daemon.events();
    assertThat(said.subList(mark, said.size())).noneMatch(line -> line.matches(COMPLAINT));
  }

  /** A thousand times, as many in each way; each time one of the processes, or one thread of it. */
  private static void stop(List<Integer> pids) throws Exception {
    Random random = new Random();
    for (Way way : Way.values()) {
      for (int i = 0; i < STOPS / Way.values().length; ) {
        try (Tracer tracer = way.open().transparent(TRANSPARENT);
            ProcessHandle process =
                tracer.grab(pids.get(random.nextInt(pids.size())), GrabOption.NOSTOP)) {
          for (int j = 0; j < 10; i++, j++) {
            assertThat(process.stop()).isEqualTo(Errno.OK);
            Await.pass(random.nextInt(LATEST_NANOS));
            assertThat(process.setRun()).isEqualTo(Errno.OK);
            // A confined tracer must look what the process is told meanwhile.
            long until = System.nanoTime() + random.nextInt(LATEST_NANOS);
            do {
              assertThat(process.awaitStop(Duration.ofMillis(1))).isEqualTo(Errno.OK);
            } while (until - System.nanoTime() > 0);
          }
        }
      }
    }
  }
}
