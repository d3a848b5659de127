package org.libproc4j.internal.linux;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/**
 * The JDK's own way to have {@link Thread#interrupt} end a blocked call: {@code begin} and {@code
 * end} of a selector. Nothing is ever selected.
 */
public final class InterruptHook extends AbstractSelector {
  private final Runnable wake;

  /** With what is to be done, by the interrupting thread, to end the blocked call. */
  public InterruptHook(Runnable wake) {
    super(SelectorProvider.provider());
    this.wake = wake;
  }

  /** Before the call that may block; wakes at once if the thread is interrupted already. */
  public void before() {
    begin();
  }

  /** After it. */
  public void after() {
    end();
  }

  @Override
  public Selector wakeup() {
    wake.run();
    return this;
  }

  @Override
  protected void implCloseSelector() {}

  @Override
  protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<SelectionKey> keys() {
    return Set.of();
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    return Set.of();
  }

  @Override
  public int selectNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int select(long timeout) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int select() {
    throw new UnsupportedOperationException();
  }
}
