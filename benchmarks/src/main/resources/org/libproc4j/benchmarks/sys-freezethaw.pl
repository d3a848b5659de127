# Sys::FreezeThaw in the comparison of freezes. Prints its version; freezes and thaws once for each line that it
# reads, and answers FREEZE THAW PROCESSES, times in nanoseconds. Runs only in the benchmark's own PID namespace.
use strict;
use warnings;
use Sys::FreezeThaw;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

open my $init, '<', '/proc/1/cmdline' or die "/proc/1/cmdline: $!";
<$init> =~ /libproc4j-bench-init/ && readlink('/proc/self/ns/pid') ne 'pid:[4026531836]' or die 'refused';
$| = 1;
print "$Sys::FreezeThaw::VERSION\n";
while (<STDIN>) {
  my ($start, $token);
  # It gives up where a process has not stopped after ten milliseconds; on a busy machine, one now and then has not.
  for (1 .. 100) {
    $start = clock_gettime(CLOCK_MONOTONIC);
    $token = eval { Sys::FreezeThaw::freeze() };
    last if defined $token;
    # Its token holds all freezes since the start of the program, each of which would be thawed anew.
    @Sys::FreezeThaw::procs = ();
  }
  my $frozen = clock_gettime(CLOCK_MONOTONIC);
  Sys::FreezeThaw::thaw($token);
  my $thawed = clock_gettime(CLOCK_MONOTONIC);
  my %seen = map { $_ => 1 } map { @$_ } @$token;
  @Sys::FreezeThaw::procs = ();
  printf "%d %d %d\n", 1e9 * ($frozen - $start), 1e9 * ($thawed - $frozen), scalar keys %seen;
}
