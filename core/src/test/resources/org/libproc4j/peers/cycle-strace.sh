# Follows process $1 for some milliseconds and lets it go, again and again.
follow() {
  timeout --foreground -s INT 0.01 strace -f -o /dev/null -p "$1"
}
follow "$1"
echo ready
while kill -0 "$1"; do follow "$1"; done
