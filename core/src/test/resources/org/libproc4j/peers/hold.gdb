# Holds process $pid until a line comes.
eval "attach %d", $pid
shell echo held
shell head -n 1 >/dev/null
detach
