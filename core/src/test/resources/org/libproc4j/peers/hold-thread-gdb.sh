# Holds thread $2 of process $1 until a line comes, by gdb's non-stop mode: all stop, and all but one go on.
stopped() { # PID TIDS
  grep -h '^State:' "/proc/$1/task/"$2/status | grep -c 't ('
}
exec 3<&0
threads=$(ls "/proc/$1/task" | wc -l)
{
  until [ "$(stopped "$1" '*')" -eq "$threads" ]; do sleep 0.02; done
  # It sets running what it knows to be stopped, and learns of its stops one by one.
  until [ "$(stopped "$1" '*')" -eq 0 ]; do
    echo 'continue -a &'
    sleep 0.1
  done
  echo "python [t.switch() for t in gdb.selected_inferior().threads() if t.ptid[1] == $2]"
  echo interrupt
  until [ "$(stopped "$1" "$2")" -eq 1 ]; do sleep 0.02; done
  echo held >&2
  read -r line <&3
  echo detach
  echo quit
} | gdb -nx -q -iex 'set confirm off' -iex 'set pagination off' -iex 'set non-stop on' -p "$1" >/dev/null
