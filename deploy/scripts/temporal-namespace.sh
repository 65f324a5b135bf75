#!/bin/sh
# Create the namespace of the journeys if it is missing; one that exists is left as it is.
# TEMPORAL_ADDRESS is read by the temporal CLI itself. The namespace is passed: `namespace create` does not read it.
set -eu
: "${TEMPORAL_ADDRESS:?say where the server is, as host:port}"
: "${TEMPORAL_NAMESPACE:?say which namespace the journeys live in}"
: "${NAMESPACE_RETENTION:?say how long closed runs stay readable, such as 90d}"

# An open port is not yet a server that answers: 60 tries of 2 s, for a database that is slow at its first start.
tries=60
until temporal operator cluster health >/dev/null 2>&1; do
	tries=$((tries - 1))
	if [ "$tries" -le 0 ]; then
		temporal operator cluster health || true
		echo "The Temporal server at $TEMPORAL_ADDRESS did not answer in 2 minutes: see the log of temporal." >&2
		exit 1
	fi
	sleep 2
done

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
	echo "The namespace $TEMPORAL_NAMESPACE exists; its retention is left as it is."
	exit 0
fi
temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$NAMESPACE_RETENTION" \
	--description "Journeys of business service teams"
# Frontends learn of a namespace a few seconds later; what comes next (search attributes, worker) needs it now.
tries=30
until temporal workflow count --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; do
	tries=$((tries - 1))
	if [ "$tries" -le 0 ]; then
		echo "The namespace $TEMPORAL_NAMESPACE was created and cannot be read after 1 minute: see the log of temporal." >&2
		exit 1
	fi
	sleep 2
done
echo "The namespace $TEMPORAL_NAMESPACE is ready; closed runs stay readable for $NAMESPACE_RETENTION."
