#!/bin/sh
# Create the namespace of the journeys if it is missing; one that exists is left as it is.
# TEMPORAL_ADDRESS is read by the temporal CLI itself. The namespace is passed: `namespace create` does not read it.
set -eu
: "${TEMPORAL_ADDRESS:?say where the server is, as host:port}"
: "${TEMPORAL_NAMESPACE:?say which namespace the journeys live in}"
: "${NAMESPACE_RETENTION:?say how long closed runs stay readable, such as 90d}"

wait_for() { # seconds, what to say when they are over, command...
	end=$(($(date +%s) + $1))
	otherwise=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		if [ "$(date +%s)" -ge "$end" ]; then
			"$@" || true
			echo "$otherwise" >&2
			exit 1
		fi
		sleep 1
	done
}

# An open port is not yet a server that answers; a slow database at its first start takes a while.
wait_for 120 "The Temporal server at $TEMPORAL_ADDRESS did not answer in 2 minutes: see the log of temporal." \
	temporal operator cluster health

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
	echo "The namespace $TEMPORAL_NAMESPACE exists; its retention is left as it is."
	exit 0
fi
temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$NAMESPACE_RETENTION" \
	--description "Journeys of business service teams"
# Frontends learn of a namespace a few seconds later; what comes next (search attributes, worker) needs it now.
wait_for 60 "The namespace $TEMPORAL_NAMESPACE was created and cannot be read after 1 minute: see the log of temporal." \
	temporal workflow count --namespace "$TEMPORAL_NAMESPACE"
echo "The namespace $TEMPORAL_NAMESPACE is ready; closed runs stay readable for $NAMESPACE_RETENTION."
