# Stops process $1 until a line comes. Gives the threads five seconds to stop, since kill does not wait.
all_stopped() {
  states=$(grep -h '^State:' "/proc/$1/task/"*/status 2>/dev/null)
  echo "$states" | grep -q 'T (' && ! echo "$states" | grep -qv '[TZX] ('
}
kill -STOP "$1"
held='not held'
for i in $(seq 250); do
  # Twice, for a thread that is born or executes while the others are looked at.
  if all_stopped "$1" && all_stopped "$1"; then
    held=held
    break
  fi
  sleep 0.02
done
echo "$held"
read -r line
kill -CONT "$1"
