package org.libproc4j.procfs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The JVM's file system, up to one call of our choice: from it on, everything fails as for a task
 * that is gone, or everything but the question whether the task is there fails as for one that may
 * not be read. Reads count as calls too.
 */
final class FaultyIo implements ProcIo {
  /** What fails, and how Java shows it. */
  enum Fault {
    /** The process is gone: ENOENT from open, ESRCH from read. */
    VANISHES {
      @Override
      IOException ofOpen(Path file) {
        return new NoSuchFileException(file.toString());
      }

      @Override
      IOException ofRead() {
        return new IOException("No such process");
      }
    },
    /** The process is gone, and whoever asks too late gets ESRCH from everything. */
    VANISHES_WITH_ESRCH {
      @Override
      IOException ofOpen(Path file) {
        return new FileSystemException(file.toString(), null, "No such process");
      }

      @Override
      IOException ofRead() {
        return new IOException("No such process");
      }
    },
    /** EACCES. */
    EACCES {
      @Override
      IOException ofOpen(Path file) {
        return new AccessDeniedException(file.toString());
      }

      @Override
      IOException ofRead() {
        return new IOException("Permission denied");
      }
    },
    /** EPERM. */
    EPERM {
      @Override
      IOException ofOpen(Path file) {
        return new FileSystemException(file.toString(), null, "Operation not permitted");
      }

      @Override
      IOException ofRead() {
        return new IOException("Operation not permitted");
      }
    },
    /** Something that is nobody's ordinary outcome. */
    EIO {
      @Override
      IOException ofOpen(Path file) {
        return new FileSystemException(file.toString(), null, "Input/output error");
      }

      @Override
      IOException ofRead() {
        return new IOException("Input/output error");
      }
    };

    abstract IOException ofOpen(Path file);

    abstract IOException ofRead();

    boolean isVanishing() {
      return this == VANISHES || this == VANISHES_WITH_ESRCH;
    }
  }

  private final Fault fault;
  private int callsThatWork;
  private int open;

  FaultyIo(Fault fault, int callsThatWork) {
    this.fault = fault;
    this.callsThatWork = callsThatWork;
  }

  /** Whether the fault came. */
  boolean hasFailed() {
    return callsThatWork < 0;
  }

  /** Files that were opened and not closed. */
  int leftOpen() {
    return open;
  }

  private boolean fails() {
    if (callsThatWork >= 0) {
      callsThatWork--;
    }
    return callsThatWork < 0;
  }

  @Override
  public InputStream open(Path file) throws IOException {
    if (fails()) {
      throw fault.ofOpen(file);
    }
    InputStream in = JdkIo.INSTANCE.open(file);
    open++;
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (fails()) {
          throw fault.ofRead();
        }
        return super.read(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        open--;
        super.close();
      }
    };
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    if (fails()) {
      throw fault.ofOpen(directory);
    }
    return JdkIo.INSTANCE.list(directory);
  }

  @Override
  public ByteString readLink(Path link) throws IOException {
    if (fails()) {
      throw fault.ofOpen(link);
    }
    return JdkIo.INSTANCE.readLink(link);
  }

  @Override
  public FdStat stat(Path link) throws IOException {
    if (fails()) {
      throw fault.ofOpen(link);
    }
    return JdkIo.INSTANCE.stat(link);
  }

  @Override
  public boolean isGone(Path file) {
    return hasFailed() ? fault.isVanishing() : JdkIo.INSTANCE.isGone(file);
  }
}
