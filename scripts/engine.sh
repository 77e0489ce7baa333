# The Docker Engine: the one that answers, else one that is installed and started here. To be sourced.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

engine_answers() { command -v docker >/dev/null && timeout 10 docker version >/dev/null 2>&1; }

# engine_start DIR: sees to it that an engine answers. Of one that it starts itself, DIR holds pid and log.
engine_start() {
  engine_answers && return
  [[ $DOCKER_HOST == unix:///var/run/docker.sock ]] || die "No Docker Engine answers at DOCKER_HOST=$DOCKER_HOST."
  ((EUID == 0)) ||
    die "No Docker Engine answers $(id -un) at $DOCKER_HOST: start it, join its group, name another by DOCKER_HOST, or be root."
  need dockerd:docker.io iptables ip:iproute2 pgrep:procps curl mountpoint:mount
  say "Starting the Docker Engine"
  mkdir -p "$1"
  if [[ -d /run/systemd/system ]]; then
    quietly systemctl start docker || die "systemd could not start the Docker Engine."
  elif ! pgrep --ns $$ --nslist net -x dockerd >/dev/null; then
    engine_clear
    mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
    start "$1/engine.pid" "$1/engine.log" dockerd
  fi
  await "$1/engine.pid" dockerd engine_answers ||
    { tail -n 5 "$1/engine.log" >&2 || true; die "The Docker Engine does not come up."; }
}

# engine_stop DIR: stops the engine that engine_start started itself, and no other.
engine_stop() { stop "$1/engine.pid" dockerd; }

# Containers outlive an engine that was killed, and so do their addresses on its bridges, which the next engine
# would give out again: so whatever belongs to a dead engine goes before another one starts.
engine_clear() {
  local shim socket link
  for shim in $(pgrep --ns $$ --nslist net -x containerd-shim); do
    socket=$(tr '\0' '\n' <"/proc/$shim/cmdline" | sed -n '/^-address$/{n;p}')
    if socket_is_dead "$socket"; then
      kill -9 $(pgrep -P "$shim") "$shim"
    fi
  done
  for socket in /run/containerd/containerd.sock /run/docker/containerd/containerd.sock; do
    if socket_is_dead "$socket"; then rm -f "$socket"; fi
  done
  rm -f /run/docker.pid /run/docker/containerd/containerd.pid
  for link in /sys/class/net/docker0/brif/* /sys/class/net/docker0; do
    [[ ! -e $link ]] || ip link delete "${link##*/}"
  done
}

socket_is_dead() {
  local status=0
  curl -s -o /dev/null --max-time 2 --unix-socket "$1" http://containerd/ || status=$?
  ((status == 7)) # could not connect
}
