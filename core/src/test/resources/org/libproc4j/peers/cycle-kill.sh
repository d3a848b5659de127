# Stops process $1 and lets it go, again and again.
kill -STOP "$1"
kill -CONT "$1"
echo ready
while kill -STOP "$1" && kill -CONT "$1"; do :; done
