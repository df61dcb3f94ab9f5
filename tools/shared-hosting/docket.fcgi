#!/bin/sh
# What the web server starts. DOCKET is the folder with the programs and settings; if
# it is not beside the site's own folder, write its path here: DOCKET=/home/you/docket
DOCKET=$(dirname "$0")/../docket
exec "$DOCKET/run" docket.fcgi "$@"
