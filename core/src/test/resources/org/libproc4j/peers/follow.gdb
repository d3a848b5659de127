# Follows process $pid, and every signal to it, until SIGINT.
handle all nostop noprint pass
eval "attach %d", $pid
shell echo following
continue
detach
