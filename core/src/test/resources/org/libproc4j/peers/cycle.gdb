# Takes process $pid and lets it go, again and again.
eval "attach %d", $pid
detach
shell echo ready
while 1
  eval "attach %d", $pid
  detach
end
