package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.libproc4j.procfs.Limits;
import org.libproc4j.procfs.Link;
import org.libproc4j.procfs.NetSocket;
import org.libproc4j.procfs.OpenFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the open files of processes. */
@Command(
    name = "pfiles",
    description = {
      "Shows the open files of processes.",
      "Of each, it shows what fstat(2) says, how it was opened, the offset, and the path, or the"
          + " addresses of a socket in the process's own network namespace."
    })
final class Pfiles extends Examiner<FilesReport> {
  @Parameters(arity = "1..*", paramLabel = "PID", description = "What to show.")
  List<String> operands = List.of();

  Pfiles() {
    super("pfiles");
  }

  @Override
  public Integer call() {
    return examine(operands);
  }

  @Override
  FilesReport report(Examinee process, Optional<LwpSet> lwps) throws OperandException {
    List<OpenFile> open = process.read(process.files().fd());
    Map<Long, NetSocket> sockets =
        open.stream().anyMatch(file -> file.target() instanceof Link.Socket)
            ? process.read(process.files().sockets())
            : new HashMap<>();
    List<FilesReport.Descriptor> descriptors = new ArrayList<>();
    for (OpenFile file : open) {
      var info = process.read(process.files().fdInfo(file.fd()));
      var stat = process.read(process.files().fdStat(file.fd()));
      if (info.isPresent()) { // else it has been closed
        Optional<SocketReport> socket =
            file.target() instanceof Link.Socket(long inode)
                ? Optional.ofNullable(sockets.get(inode)).map(SocketReport::of)
                : Optional.empty();
        descriptors.add(FilesReport.Descriptor.of(file, info.get(), stat, socket));
      }
    }
    return new FilesReport(
        process.pid(),
        process.command(),
        process
            .read(process.files().limits())
            .get(Limits.Resource.NOFILE)
            .map(Limits.Limit::soft)
            .orElse(OptionalLong.empty()),
        descriptors);
  }

  @Override
  List<String> lines(FilesReport report, int width) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(report.pid(), report.command(), width));
    lines.addAll(report.lines(width));
    return lines;
  }
}
