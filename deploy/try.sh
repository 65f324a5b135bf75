#!/bin/bash
# Build the worker's image from HEAD and run it for real: an engine of its own, a base image made by debootstrap,
# a real Temporal server and a real PostgreSQL on loopback. Prints what it measured; exits 0 only if all held.
#
#   make deploy-test          about 5 minutes, as root, on Debian (it installs docker.io and debootstrap if missing)
#   BASE_TAR=/path/base.tar   keeps the base image there and takes it from there the next time
#
# Nothing of an engine that runs already is touched: socket, data and state lie in a folder that is removed.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=${PYTHON:-.venv/bin/python}
SUITE=bookworm
GRACE_S=45 # stop_grace_period of the worker in compose.yaml: 30 s of drain, and the journal is closed

say() { printf '%s\n' "$*"; }
fail() {
	say "FAILED: $*" >&2
	exit 1
}
since() { python3 -c 'import sys, time; print(f"{time.time() - float(sys.argv[1]):.1f}")' "$1"; }
now() { date +%s.%N; }

[ "$(id -u)" = 0 ] || fail "an engine and debootstrap need root: sudo make deploy-test"
[ -x "$PYTHON" ] || fail "$PYTHON is missing: run make test once, or say which with PYTHON=..."
TEMPORAL=$(dirname "$PYTHON")/temporal
[ -x "$TEMPORAL" ] || fail "$TEMPORAL is missing: install the extra 'server'"

WORK=$(mktemp -d /tmp/bst-deploy.XXXXXX)
ENGINE='' SERVER='' JOURNAL=''

stop() { # name, process id, seconds: TERM, wait, and only then KILL
	[ -n "$2" ] && kill -0 "$2" 2>/dev/null || return 0
	kill -TERM "$2"
	for _ in $(seq $(($3 * 5))); do
		kill -0 "$2" 2>/dev/null || return 0
		sleep 0.2
	done
	say "$1 did not stop within $3 s of SIGTERM and is killed." >&2
	kill -KILL "$2"
}

clean_up() {
	code=$?
	trap - EXIT INT TERM
	if [ -n "$ENGINE" ] && engine ps -aq >"$WORK/left" 2>/dev/null; then
		while read -r id; do
			[ "$code" = 0 ] || { say "--- log of container $id" && engine logs --tail 40 "$id"; } >&2 || true
			engine rm --force "$id" >/dev/null || true
		done <"$WORK/left"
	fi
	stop "the Temporal server" "$SERVER" 20
	stop "PostgreSQL" "$JOURNAL" 30
	stop "dockerd" "$ENGINE" 40
	# The engine leaves its network namespace mounted; deepest first, and nothing outside the folder.
	awk -v under="$WORK/" 'index($2, under) == 1 {print $2}' /proc/mounts | sort -r | while read -r mount; do
		umount "$mount"
	done
	rm -rf "$WORK" || code=1
	exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

DOCKER=(/usr/bin/docker --config "$WORK/client" --host "unix://$WORK/engine.sock")
engine() { "${DOCKER[@]}" "$@"; }

wait_for() { # seconds, what for, command...
	local limit=$1 what=$2
	shift 2
	local end=$((SECONDS + limit))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || fail "$what not reached within $limit s"
		sleep 0.5
	done
}

install_missing() {
	[ -x /usr/sbin/dockerd ] && [ -x /usr/bin/docker ] && [ -x /usr/sbin/debootstrap ] && return
	say "Installing docker.io and debootstrap from Debian"
	timeout 600 apt-get update -qq
	timeout 900 env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
		docker.io debootstrap iptables >"$WORK/apt.log" 2>&1 || { tail "$WORK/apt.log" >&2 && fail "apt-get install"; }
}

start_engine() {
	# No bridge and no firewall rule: what runs here uses the host's loopback.
	/usr/sbin/dockerd --data-root "$WORK/data" --exec-root "$WORK/exec" --pidfile "$WORK/engine.pid" \
		--host "unix://$WORK/engine.sock" --bridge none --iptables=false --ip6tables=false \
		--ip-forward=false --ip-masq=false >"$WORK/engine.log" 2>&1 &
	ENGINE=$!
	wait_for 60 "an engine that answers (log: $(tail -n 1 "$WORK/engine.log" 2>/dev/null || true))" engine version
	say "Engine $(engine version --format '{{.Server.Version}}'), storage $(engine info --format '{{.Driver}}')"
}

make_base() {
	local began tar=${BASE_TAR:-$WORK/base.tar}
	began=$(now)
	if [ ! -s "$tar" ]; then
		# The mirror is the one that this machine's apt uses.
		local mirror
		# shellcheck disable=SC2016  # apt's placeholders, not the shell's
		mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' |
			awk -v suite="$SUITE" '$2 == suite && $3 == "main" {print $1; exit}')
		timeout 1200 debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$SUITE" \
			"$WORK/base" ${mirror:+"$mirror"} >"$WORK/debootstrap.log" 2>&1 ||
			{ tail -n 5 "$WORK/debootstrap.log" >&2 && fail "debootstrap"; }
		rm -rf "$WORK"/base/var/cache/apt/archives/*.deb "$WORK"/base/var/lib/apt/lists/*
		tar -C "$WORK/base" --numeric-owner -cf "$tar" . && rm -rf "$WORK/base"
		say "Base image by debootstrap: $(since "$began") s"
	fi
	engine import "$tar" bst-base:debootstrap >/dev/null
}

write_pip_settings() { # what pip on this machine is told, as secrets of the build: no index is written anywhere
	"$PYTHON" - "$WORK" <<'PY'
import ast, os, pathlib, shutil, subprocess, sys
work = pathlib.Path(sys.argv[1])
listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
told = {}
for line in listed.stdout.splitlines():
    name, _, value = line.partition("=")
    told[name.rpartition(".")[2]] = ast.literal_eval(value)
certificates = told.get("cert") or os.environ.get("SSL_CERT_FILE") or "/etc/ssl/certs/ca-certificates.crt"
shutil.copyfile(certificates, work / "ca")
lines = ["[global]", "cert = /run/secrets/ca"]
for name in ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout"):
    reachable = [part for part in told.get(name, "").split() if not part.startswith("file:")]
    lines += [f"{name} = {' '.join(reachable)}"] if reachable else []
(work / "pip.conf").write_text("\n".join(lines) + "\n")
PY
}

build_image() {
	local began
	mkdir "$WORK/source"
	git archive HEAD | tar -x -C "$WORK/source"
	write_pip_settings
	began=$(now)
	DOCKER_BUILDKIT=1 timeout 1200 "${DOCKER[@]}" build \
		--progress plain --network host --build-arg BASE=bst-base:debootstrap \
		--secret "id=pip,src=$WORK/pip.conf" --secret "id=ca,src=$WORK/ca" \
		--file "$WORK/source/deploy/Dockerfile" --tag bst-worker:try "$WORK/source" >"$WORK/build.log" 2>&1 ||
		{ tail -n 40 "$WORK/build.log" >&2 && fail "docker build"; }
	say "Image of $(git rev-parse --short HEAD): $(since "$began") s," \
		"$(engine image inspect --format '{{.Size}}' bst-worker:try | awk '{printf "%.0f MB", $1 / 1e6}')" \
		"($(engine image inspect --format '{{.Size}}' bst-base:debootstrap | awk '{printf "%.0f MB", $1 / 1e6}') of it the base)"
	if engine history --no-trunc bst-worker:try | grep -qiE 'index-url|https?://'; then fail "an index address stands in the image's history"; fi
	if engine run --rm --network none bst-worker:try sh -c 'command -v cc gcc pip'; then fail "the image holds a compiler or pip"; fi
}

free_port() { "$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start_server() {
	"$TEMPORAL" server start-dev --headless --ip 127.0.0.1 --port "$PORT" --db-filename "$WORK/temporal.db" \
		--log-level error >"$WORK/server.log" 2>&1 &
	SERVER=$!
}

start_journal() { # the PostgreSQL that the tests use, on a socket in a folder that the container's user may enter
	"$PYTHON" - "$WORK/journal-url" >"$WORK/journal.log" 2>&1 <<'PY' &
import pathlib, signal, sys
sys.path.insert(0, ".")
from tests.postgres import fresh_database, local_postgres
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with local_postgres() as server, fresh_database(server) as url:
    pathlib.Path(server.query["host"]).chmod(0o711)
    pathlib.Path(sys.argv[1]).write_text(url)
    signal.pause()
PY
	JOURNAL=$!
	wait_for 60 "a PostgreSQL for the journal" test -s "$WORK/journal-url"
}

sql() { # prints the one value of a query in the journal's PostgreSQL
	"$PYTHON" - "$WORK/journal-url" "$1" <<'PY'
import pathlib, sys
import sqlalchemy
with sqlalchemy.create_engine(pathlib.Path(sys.argv[1]).read_text()).connect() as connection:
    print(connection.exec_driver_sql(sys.argv[2]).scalar())
PY
}

# Hardened as in compose.yaml, but without an init: the worker is process 1, as in Kubernetes.
in_image() { # options of docker run... image and command...
	local socket
	socket=$(sed 's/.*[?&]host=//; s/&.*//; s/%2F/\//g' "$WORK/journal-url")
	"${DOCKER[@]}" run --network host --read-only --cap-drop ALL --security-opt no-new-privileges \
		--tmpfs /run/bst:uid=10001,gid=10001,mode=0700,size=1m --tmpfs /tmp:size=64m \
		--volume "$WORK/source:/data:ro" --volume "$socket:$socket" \
		--env "TEMPORAL_ADDRESS=127.0.0.1:$PORT" --env TEMPORAL_NAMESPACE=bst \
		--env "BST_JOURNAL=$(cat "$WORK/journal-url")" --env "SLOW_DB=$(cat "$WORK/journal-url")" "$@"
}
run_worker() { in_image --detach bst-worker:try; }
bst() { in_image --rm bst-worker:try bst "$@"; }

health() { engine inspect --format '{{.State.Health.Status}}' "$1"; }
is() { [ "$(health "$1")" = "$2" ]; }

check_hardened() { # container: what the kernel says of its first process, not what was asked for
	local status
	status=/proc/$(engine inspect --format '{{.State.Pid}}' "$1")/status
	grep -qP '^Uid:\t10001\t10001\t10001\t10001$' "$status" || fail "the worker does not run as 10001: $(grep Uid "$status")"
	grep -qP '^CapEff:\t0+$' "$status" || fail "the worker holds capabilities: $(grep CapEff "$status")"
	grep -qP '^NoNewPrivs:\t1$' "$status" || fail "the worker may gain privileges"
	if engine exec "$1" sh -c 'echo x >/opt/bst/x' 2>/dev/null; then fail "the worker can write its own code"; fi
	if engine exec "$1" sh -c 'echo x >/data/x' 2>/dev/null; then fail "the worker can write its data folder"; fi
}

stop_and_check() { # container, when
	local began code
	began=$(now)
	engine stop --time "$GRACE_S" "$1" >/dev/null
	code=$(engine inspect --format '{{.State.ExitCode}}' "$1")
	[ "$code" = 0 ] || fail "the worker exited $code on SIGTERM $2 (137: it was killed after $GRACE_S s)"
	say "SIGTERM $2: drained and exited 0 in $(since "$began") s"
}

query_in_flight() {
	local many
	many=$(sql "select count(*) from pg_stat_activity where wait_event = 'PgSleep'") || return
	[ "$many" -gt 0 ]
}
journal_holds_events() {
	local many
	many=$(sql 'select count(*) from journal') || return
	[ "$many" -gt 0 ]
}

install_missing
start_engine
make_base
build_image

PORT=$(free_port)
start_server
PATH="$(dirname "$TEMPORAL"):$PATH" TEMPORAL_ADDRESS=127.0.0.1:$PORT TEMPORAL_NAMESPACE=bst NAMESPACE_RETENTION=90d \
	timeout 150 deploy/scripts/temporal-namespace.sh
start_journal
bst setup

began=$(now)
worker=$(run_worker)
wait_for 100 "a healthy worker" is "$worker" healthy
say "Healthy after $(since "$began") s"
check_hardened "$worker"
say "Runs as 10001 without capabilities on a read-only file system;" \
	"$(engine stats --no-stream --format '{{.MemUsage}}' "$worker") of memory"

began=$(now)
bst start /data/examples/claims/charter.yaml >"$WORK/start.log" || { cat "$WORK/start.log" >&2 && fail "bst start"; }
wait_for 30 "an event in the journal" journal_holds_events
say "A journey started and its first events in the journal: $(since "$began") s"
stop_and_check "$worker" "to an idle worker"

# What takes longer than the drain is cut off, and the worker still leaves in time.
# shellcheck disable=SC2016  # the worker fills in ${SLOW_DB}, not the shell
sed -e 's/^team: .*/team: slow/' \
	-e 's|^  source: .*|  source: {kind: sql, url: "${SLOW_DB}", query: "select current_date as period, 1.0 as value from pg_sleep(55)"}|' \
	examples/claims/charter.yaml >"$WORK/source/slow.yaml"
worker=$(run_worker)
bst start /data/slow.yaml >"$WORK/start.log" || { cat "$WORK/start.log" >&2 && fail "bst start with a slow query"; }
wait_for 30 "a query in flight" query_in_flight
stop_and_check "$worker" "during a query of 55 s"
if query_in_flight; then fail "the query went on in the database"; fi

worker=$(run_worker)
wait_for 100 "a healthy worker" is "$worker" healthy
stop "the Temporal server" "$SERVER" 20
began=$(now)
wait_for 150 "unhealthy without a server" is "$worker" unhealthy
say "Server gone: unhealthy after $(since "$began") s"
stop_and_check "$worker" "without a server"
say "All held."
