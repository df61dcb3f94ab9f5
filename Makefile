# Docket: every command. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The variants of a build; each has its own directory:
#   release  for production
#   asan     with AddressSanitizer and UBSan, for the tests
#   check    with every warning as an error, for `make check`
#   fuzz     with clang's libFuzzer
BUILD ?= release
B := build/$(BUILD)

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d

# The version of the programs and of the packages.
VERSION := $(shell sed -n '1s/.*(\(.*\)).*/\1/p' tools/debian/changelog)

# --- flags ----------------------------------------------------------------

ifneq ($(filter $(BUILD),release asan check),)
CC := gcc
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wvla -Walloca \
	-Wformat=2 -Wformat-signedness -Wundef -Wcast-qual \
	-Wcast-align=strict -Wpointer-arith -Wwrite-strings \
	-Wnull-dereference -Wduplicated-cond -Wduplicated-branches \
	-Wlogical-op -Wjump-misses-init -Wimplicit-fallthrough=5 \
	-Wswitch-enum -Wdeclaration-after-statement -Wredundant-decls \
	-Wdate-time -Wbidi-chars=any -Wuse-after-free=3
else ifeq ($(BUILD),fuzz)
CC := clang
WARN := -Wall -Wextra -Wno-missing-field-initializers
else
$(error BUILD is $(BUILD), but must be release, asan, check or fuzz)
endif
# Embedded GraphQL documents may be longer than the 4095 bytes that C17 requires
# compilers to accept.
WARN += -Wno-overlength-strings

HARDEN := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
	-fstack-protector-strong -fstack-clash-protection \
	$(if $(filter x86_64,$(shell uname -m)),-fcf-protection=full) \
	-ftrivial-auto-var-init=zero -fPIE -fno-strict-overflow \
	-fno-delete-null-pointer-checks
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -DDOCKET_ASAN

CFLAGS_release := $(HARDEN)
CFLAGS_check := $(HARDEN) -Werror
CFLAGS_asan := $(SANITIZE)
# Without the tracing of comparisons, several times as many inputs are tried in the
# same time; the dictionaries have the words that matter.
CFLAGS_fuzz := $(SANITIZE) -O2 -fsanitize=fuzzer-no-link \
	-fno-sanitize-coverage=trace-cmp
LDFLAGS_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed
LDFLAGS_check := $(LDFLAGS_release)
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_fuzz := -fsanitize=address,undefined

# The headers of libraries are system headers, so that they cause no warnings.
# Debian calls MariaDB's client libmariadb, others call it mysqlclient.
pkg = $(shell pkg-config $(1) 2>/dev/null)
MYSQL := $(if $(call pkg,--modversion libmariadb),libmariadb,mysqlclient)
LIBS := fcgi libcjson libcurl $(MYSQL) libsodium libidn2 libxxhash libcmark-gfm libmagic
# Loaded when it is first needed, see lib/files/form_part.c.
LATER_LIBS := gmime-3.0
# Only docket-mail-read is linked with them.
MIME_LIBS := gmime-3.0 libxml-2.0 libseccomp
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(call pkg,--cflags $(LIBS) $(LATER_LIBS) $(MIME_LIBS)))
MIME_PKG_LIBS := $(call pkg,--libs $(MIME_LIBS))
PKG_LIBS := $(call pkg,--libs $(LIBS)) -lunistring -lm
CHECK_CFLAGS := $(patsubst -I%,-isystem %,$(call pkg,--cflags check))
CHECK_LIBS := $(call pkg,--libs check)

CPPFLAGS := -std=c17 -D_GNU_SOURCE -Iinclude -I. -I$(B)/gen $(PKG_CFLAGS)
CFLAGS_ALL = $(WARN) $(CFLAGS_$(BUILD)) $(CFLAGS)
LDFLAGS_ALL = $(LDFLAGS_$(BUILD)) $(LDFLAGS)

# --- what is built from what ----------------------------------------------

LIB_SRC := $(wildcard lib/*/*.c)
CGI_SRC := $(wildcard cgi/*.c cgi/*/*.c)
TOOLS := docket-sync docketctl docket-mail-read
TOOLS_SRC := $(foreach t,$(TOOLS),$(wildcard tools/$(t)/*.c))
UNIT_SRC := $(wildcard tests/unit/*.c)
API_SRC := $(wildcard tests/api/*.c tests/lib/*.c)
FUZZ_SRC := $(wildcard tests/fuzz/*.c)
PRODUCT_SRC := $(LIB_SRC) $(CGI_SRC) $(TOOLS_SRC)
TEST_SRC := $(UNIT_SRC) $(API_SRC) $(if $(filter fuzz,$(BUILD)),$(FUZZ_SRC))
ALL_SRC := $(PRODUCT_SRC) $(TEST_SRC)
C_FILES := $(wildcard $(foreach d,include/* lib/* cgi cgi/* tools/* tests tests/*,\
	$(d)/*.c $(d)/*.h))
GRAPHQL := $(wildcard lib/linear/*.graphql)
EMBEDDED := cgi/openapi/components.json cgi/openapi/docs.html \
	lib/data/common-passwords.txt
GENERATED := $(B)/gen/graphql.h $(B)/gen/embedded.h $(B)/gen/version.h

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
LIBDOCKET := $(B)/libdocket.a
# All of the worker except its main(), for unit tests.
CGI_PART := $(call obj,$(filter-out cgi/main.c,$(CGI_SRC)))

PROGRAMS := $(if $(CGI_SRC),$(B)/docket.fcgi) \
	$(foreach t,$(TOOLS),$(if $(wildcard tools/$(t)/*.c),$(B)/$(t)))
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/unit_%,$(UNIT_SRC))
API := $(if $(API_SRC),$(B)/tests/api)
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz_%,$(FUZZ_SRC))

# --- Debian packages ------------------------------------------------------

# Packages of Debian 12: to build and run, and to test and check. Where a command
# follows a slash, the package is not needed if that command exists.
RUN_PACKAGES := gcc libc6-dev make pkg-config ca-certificates curl nginx \
	mariadb-server mariadb-client spawn-fcgi procps tzdata nodejs/node \
	node-graphql python3-aiosmtpd libfcgi-dev libcjson-dev \
	libcurl4-openssl-dev default-libmysqlclient-dev libsodium-dev \
	libunistring-dev libidn2-dev libxxhash-dev libcmark-gfm-dev \
	libcmark-gfm-extensions-dev libgmime-3.0-dev libmagic-dev \
	libxml2-dev libseccomp-dev jq/jq
TEST_PACKAGES := check chromium clang/clang libclang-rt-dev \
	clang-format/clang-format clang-tidy/clang-tidy cppcheck/cppcheck \
	shellcheck/shellcheck npm/npm openssl apache2 libapache2-mod-fcgid lighttpd \
	fcgiwrap cron clamav-daemon/clamd postfix/sendmail dovecot-imapd getmail6
DEB_PACKAGES := debhelper dpkg-dev fakeroot help2man lintian
PROOF_PACKAGES := debootstrap systemd-container
BENCH_PACKAGES := wrk

# Installs missing packages, and uses the network only if there are any. The
# packages of nginx and MariaDB would each start a server: policy-rc.d prevents it.
define install_missing
set -eu -o pipefail
installed=$(dpkg-query -Wf '/${Package}/${db:Status-Status}\n' "${@%/*}" 2>&1 || true)
missing=() sudo=() policy=/usr/sbin/policy-rc.d
for entry; do
	package=${entry%/*}
	[[ $installed != *"/$package/installed"* ]] || continue
	[[ $entry != */* ]] || ! command -v "${entry#*/}" >/dev/null || continue
	missing+=("$package")
done
((${#missing[@]})) || exit 0
echo "Installing with apt-get: ${missing[*]}"
if ((EUID != 0)); then
	sudo=(sudo)
	command -v sudo >/dev/null || { echo "that takes root, or sudo" >&2; exit 1; }
fi
if [[ ! -e $policy ]]; then
	trap '"${sudo[@]}" rm -f $policy' EXIT
	printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null
	"${sudo[@]}" chmod 755 $policy
fi
# Postfix would take over the mail of the machine.
[[ " ${missing[*]} " != *" postfix "* ]] ||
	"${sudo[@]}" debconf-set-selections <<<'postfix postfix/main_mailer_type select No configuration'
"${sudo[@]}" apt-get -q update
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
	apt-get -q -y --no-install-recommends install "${missing[@]}"
endef
export INSTALL_MISSING = $(value install_missing)

# --- commands -------------------------------------------------------------

# Sub-makes build in parallel, unless -j was given.
jobs = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: help
help:
	@awk -F': *[^#]*## *' '/^[a-z-]+:.*## /{printf "make %-14s %s\n",$$1,$$2}' \
		$(firstword $(MAKEFILE_LIST))

.PHONY: run
run: run-deps ## build, start everything, stop it all on Ctrl-C
	@$(MAKE) $(jobs) all
	@exec tools/instance run

.PHONY: start
start: run-deps ## start everything in the background
	@$(MAKE) $(jobs) all
	@tools/instance start

.PHONY: stop
stop: ## stop what `run` or `start` started
	@tools/instance stop

.PHONY: reload
reload: run-deps ## replace the running workers by new ones; no request is lost
	@$(MAKE) $(jobs) all
	@tools/instance reload

.PHONY: status
status: ## show what is running, and whether it is healthy
	@tools/instance status

.PHONY: test
test: deps ## run every test, on an instance of its own
	@tests/run

.PHONY: check
check: deps ## check warnings, format, static analysis, rooms
	@$(MAKE) $(jobs) --keep-going --output-sync=target checks

.PHONY: bench
bench: run-deps ## measure the performance
	@bash -c "$$INSTALL_MISSING" deps $(BENCH_PACKAGES)
	@$(MAKE) $(jobs) all
	@tests/bench/run

.PHONY: torture
torture: deps ## run the long test of the synchronization
	@$(MAKE) $(jobs) BUILD=asan all
	@tests/sync/torture

.PHONY: proof
proof: deps ## install on a bare Debian 12, restart and upgrade under load; shared hosting (root)
	@bash -c "$$INSTALL_MISSING" deps $(DEB_PACKAGES) $(PROOF_PACKAGES)
	@tests/proof/run
	@$(MAKE) $(jobs) BUILD=release all
	@$(MAKE) $(jobs) BUILD=asan tests
	@tests/hosting/install
	@tests/hosting/others

.PHONY: deps
deps: ## install the Debian packages that are missing
	@bash -c "$$INSTALL_MISSING" deps $(RUN_PACKAGES) $(TEST_PACKAGES)

.PHONY: run-deps
run-deps:
	@bash -c "$$INSTALL_MISSING" deps $(RUN_PACKAGES)

.PHONY: all
all: libraries $(PROGRAMS) ## build the programs (BUILD=release or asan)

.PHONY: tests
tests: all $(UNIT) $(API)

.PHONY: fuzzers
fuzzers: $(FUZZ)

.PHONY: format
format: ## format the C sources in place
	clang-format -i $(C_FILES)

.PHONY: clean
clean: ## remove what was built; the data in var/ stays
	rm -rf build compile_commands.json

.PHONY: libraries
libraries:
	@pkg-config --exists $(LIBS) $(LATER_LIBS) $(MIME_LIBS) || { \
		echo 'libraries are missing: make deps installs them' >&2; exit 1; }

# --- building -------------------------------------------------------------

# A file that changes only when its text does, so that other flags or another list
# of sources cause a new build.
define remember
	@mkdir -p $(@D)
	@printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' > $@
endef

.PHONY: always
$(B)/flags: always
	$(call remember,$(CC) $(CPPFLAGS) $(CFLAGS_ALL) / $(LDFLAGS_ALL))
$(B)/lib.list: always
	$(call remember,$(LIB_SRC))
$(B)/cgi.list: always
	$(call remember,$(CGI_SRC))
$(B)/tools.list: always
	$(call remember,$(TOOLS_SRC))
$(B)/api.list: always
	$(call remember,$(API_SRC))
$(B)/graphql.list: always
	$(call remember,$(GRAPHQL))
$(B)/embedded.list: always
	$(call remember,$(EMBEDDED))

# The product may not call banned functions; its tests may.
$(call obj,$(PRODUCT_SRC)): CPPFLAGS += -include include/base/banned.h
$(call obj,$(PRODUCT_SRC)): include/base/banned.h
$(call obj,$(TEST_SRC)): CPPFLAGS += -Itests -Icgi -Ilib $(CHECK_CFLAGS)

$(B)/obj/%.o: %.c $(B)/flags | $(GENERATED)
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(call obj,$(ALL_SRC)))

# Turns each document of lib/linear/ into a string: foo.graphql is graphql_foo. Runs
# of white space become one space. String literals are refused: values are passed
# as variables.
$(B)/gen/graphql.h: $(GRAPHQL) $(B)/graphql.list
	@mkdir -p $(@D)
	@awk ' \
	function end() { if (name != "") printf "\";\n\n" } \
	BEGIN { print "/* Generated from lib/linear/ by make. */\n" } \
	FNR == 1 { \
		end(); sep = ""; name = FILENAME; \
		sub(".*/", "", name); sub(/\.graphql$$/, "", name); \
		printf "static const char graphql_%s[] =\n\t\"", name \
	} \
	/"/ { \
		print FILENAME ":" FNR ": a string literal; use a variable" \
			> "/dev/stderr"; exit failed = 1 \
	} \
	{ \
		sub(/#.*/, ""); gsub(/[ \t\r]+/, " "); gsub(/^ | $$/, ""); \
		if ($$0 != "") { printf "%s%s", sep, $$0; sep = " \"\n\t\"" } \
	} \
	END { if (!failed) end(); exit failed }' \
		$(GRAPHQL) < /dev/null > $@

$(B)/gen/version.h: tools/debian/changelog schema.sql
	@mkdir -p $(@D)
	@echo '#define VERSION "$(VERSION)"' > $@
	@sed -n 's/^-- Migration \([0-9]*\):.*/#define SCHEMA_VERSION \1/p' \
		schema.sql | tail -n 1 >> $@

# Turns each of these files into a string: foo.json is embedded_foo_json. White
# space at both ends of a line is removed.
$(B)/gen/embedded.h: $(EMBEDDED) $(B)/embedded.list
	@mkdir -p $(@D)
	@awk ' \
	function end() { if (name != "") printf ";\n\n" } \
	BEGIN { print "/* Generated by make. */\n" } \
	FNR == 1 { \
		end(); name = FILENAME; sub(".*/", "", name); \
		gsub(/[^a-z0-9]/, "_", name); \
		printf "static const char embedded_%s[] =", name \
	} \
	{ \
		gsub(/^[ \t]+|[ \t\r]+$$/, ""); gsub(/["\\]/, "\\\\&"); \
		printf "\n\t\"%s\\n\"", $$0 \
	} \
	END { end() }' $(EMBEDDED) > $@

$(LIBDOCKET): $(call obj,$(LIB_SRC)) $(B)/lib.list
	@rm -f $@
	@ar rcs $@ $(filter %.o,$^)

define link
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) $(LIBDOCKET) $(1)
endef

$(B)/docket.fcgi: $(call obj,$(CGI_SRC)) $(LIBDOCKET) $(B)/cgi.list
	$(call link,$(PKG_LIBS))

define tool_rule
$(B)/$(1): $(call obj,$(wildcard tools/$(1)/*.c)) $(LIBDOCKET) $(B)/tools.list
	$$(call link,$$(PKG_LIBS)$(if $(filter docket-mail-read,$(1)), $$(MIME_PKG_LIBS)))
endef
$(foreach t,$(TOOLS),$(eval $(call tool_rule,$(t))))

$(UNIT): $(B)/tests/unit_%: $(B)/obj/tests/unit/%.o $(CGI_PART) $(LIBDOCKET) \
		$(B)/cgi.list
	$(call link,$(PKG_LIBS) $(MIME_PKG_LIBS) $(CHECK_LIBS))

$(API): $(call obj,$(API_SRC)) $(LIBDOCKET) $(B)/api.list
	$(call link,$(PKG_LIBS) $(CHECK_LIBS))

$(FUZZ): LDFLAGS_ALL += -fsanitize=fuzzer
$(FUZZ): $(B)/tests/fuzz_%: $(B)/obj/tests/fuzz/%.o $(CGI_PART) $(LIBDOCKET)
	$(call link,$(PKG_LIBS) $(MIME_PKG_LIBS))

# --- checking -------------------------------------------------------------

.PHONY: checks
checks: check-warnings check-format check-tidy check-cppcheck check-rooms \
	check-words check-shell check-graphql check-portal

.PHONY: check-warnings
check-warnings:
	@$(MAKE) BUILD=check tests

.PHONY: check-format
check-format:
	@clang-format --dry-run -Werror $(C_FILES)

.PHONY: check-tidy
check-tidy: compile_commands.json
	@printf '%s\n' $(PRODUCT_SRC) | xargs -P $$(nproc) -n 1 bash -c \
		'out=$$(clang-tidy --quiet -p . "$$0" 2>&1) || { echo "$$out"; exit 1; }'

# varFuncNullUB: NULL is a pointer, as POSIX requires. uninitStructMember: cppcheck
# does not see that an out parameter was set; gcc and clang do.
# unknownMacro, preprocessorErrorDirective: it expands arguments that ## joins, so
# it cannot read what is made from the tables of fields and criteria.
.PHONY: check-cppcheck
check-cppcheck:
	@cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
		--suppress=varFuncNullUB --suppress=uninitStructMember \
		--suppress=unknownMacro --suppress=preprocessorErrorDirective \
		--enable=warning,performance,portability -j $$(nproc) \
		-Iinclude $(sort $(dir $(PRODUCT_SRC)))

.PHONY: check-rooms
check-rooms:
	@tests/rooms.sh

# Add a path once it is clean.
.PHONY: check-words
check-words:
	@tests/words.sh

.PHONY: check-shell
check-shell:
	@shellcheck $(wildcard tools/instance tools/keep-pool tests/run tests/*.sh tests/lib/*.sh \
		$(shell grep -l -d skip "^#!/bin/bash" tests/ops/*) \
		tests/sync/calm tests/sync/torture tests/browser/run tests/mail/*.sh \
		tests/bench/run tests/bench/mails tests/fuzz/run tests/proof/run tests/hosting/* tools/shared-hosting/run \
		tools/shared-hosting/pack tools/shared-hosting/docket.fcgi .ci/run)

# Checks every document that is sent, and the simulator's schema, against Linear's
# own schema, if there is a copy of it beside the project; says so if not.
.PHONY: check-graphql
check-graphql:
	@[[ '$(GRAPHQL)' ]] || { echo 'check-graphql: no documents' >&2; exit 1; }
	@node tests/linear/check-schema.js $(GRAPHQL)

# The portal's types follow from the API's own document. What it serves of npm must be
# what package-lock.json names.
PORTAL := tools/portal
build/portal/schema.d.ts: build/release/docket.fcgi $(PORTAL)/node_modules/.package-lock.json
	@mkdir -p $(@D)
	@env -i REQUEST_METHOD=GET DOCUMENT_URI=/api/schema/ SERVER_PROTOCOL=HTTP/1.1 \
		$< 2>/dev/null | sed '1,/^\r*$$/d' > build/portal/schema.json
	@$(PORTAL)/node_modules/.bin/openapi-typescript build/portal/schema.json -o $@ \
		>build/portal/schema.log 2>&1 || { cat build/portal/schema.log; exit 1; }

$(PORTAL)/node_modules/.package-lock.json: $(PORTAL)/package-lock.json
	@npm ci --prefix $(PORTAL) --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: check-portal
check-portal:
	@$(MAKE) BUILD=release all
	@$(MAKE) build/portal/schema.d.ts
	@node $(PORTAL)/vendor.js --check
	@$(PORTAL)/node_modules/.bin/tsc -p nginx/jsconfig.json

# For clang-tidy and editors. Without warnings: clang does not know all of gcc's.
compile_commands.json: $(B)/flags $(B)/lib.list $(B)/cgi.list $(B)/tools.list \
		| $(GENERATED)
	@{ sep='['; for f in $(PRODUCT_SRC); do \
		printf '%s\n{"directory":"%s","file":"%s","command":"cc %s -c %s"}' \
			"$$sep" "$(CURDIR)" "$$f" \
			"$(CPPFLAGS) -include include/base/banned.h" "$$f"; \
		sep=,; done; printf '\n]\n'; } > $@

# --- installing -----------------------------------------------------------

DATADIR := $(PREFIX)/share/docket
SERVER_NAME := issues.example.com
fill_in = sed \
	-e 's|@PREFIX@|$(PREFIX)|g' -e 's|@SYSCONFDIR@|$(SYSCONFDIR)|g' \
	-e 's|@DATADIR@|$(DATADIR)|g' \
	-e 's|@RUN@|/run/docket|g' -e 's|@HTML@|$(DATADIR)/html|g' \
	-e 's|@SERVER_NAME@|$(SERVER_NAME)|g' \
	-e 's|@ACCESS_LOG@|/var/log/nginx/docket.log docket|g' \
	-e 's|@LOGIN_RATE@|10r/s|g' -e 's|@CONNECTIONS_MAX@|100|g' \
	-e 's|@UPLOADS_MAX@|4|g' -e 's|@FILES@|/var/lib/docket-files|g' \
	-e '/@CORS_ORIGINS@/d'
site := $(DESTDIR)$(SYSCONFDIR)/nginx/sites-available/docket

# The site belongs to the administrator: a new version of it never replaces another
# one, but is put beside it.
.PHONY: install
install: all ## install for production (DESTDIR=, PREFIX=/usr/local)
	install -d $(DESTDIR)$(PREFIX)/{bin,lib/docket} $(DESTDIR)$(DATADIR)/nginx \
		$(DESTDIR)$(UNITDIR)/docket-pool@{auth,files}.service.d \
		$(DESTDIR)$(SYSUSERSDIR) $(DESTDIR)$(TMPFILESDIR) $(dir $(site)) \
		$(DESTDIR)$(SYSCONFDIR)/docket
	install $(B)/docket.fcgi $(B)/docket-mail-read $(DESTDIR)$(PREFIX)/lib/docket/
	install $(B)/docket-sync $(B)/docketctl $(DESTDIR)$(PREFIX)/bin/
	install -m 644 schema.sql nginx/docket.env $(DESTDIR)$(DATADIR)/
	cp -R nginx/html $(DESTDIR)$(DATADIR)/
	for part in http server; do $(fill_in) nginx/$$part.conf.in \
		> $(DESTDIR)$(DATADIR)/nginx/$$part.conf; done
	$(fill_in) nginx/site.conf.in > $(B)/site.conf
	if [[ ! -e $(site) ]]; then install -m 644 $(B)/site.conf $(site); \
	elif ! cmp -s $(B)/site.conf $(site); then \
		install -m 644 $(B)/site.conf $(site).new; fi
	(cd nginx/systemd && find . -type f -path './docket*' ! -name '*.sysusers' \
		! -name '*.tmpfiles') | \
	while read -r unit; do $(fill_in) "nginx/systemd/$$unit" \
		> "$(DESTDIR)$(UNITDIR)/$$unit"; done
	install -m 644 nginx/systemd/docket.sysusers \
		$(DESTDIR)$(SYSUSERSDIR)/docket.conf
	install -m 644 nginx/systemd/docket.tmpfiles \
		$(DESTDIR)$(TMPFILESDIR)/docket.conf

# The Debian package, for the machine's architecture, in build/deb. It is built from
# the files that git knows, in a directory of its own. Exports of git hold them all.
DEB := build/deb
DEB_TREE := $(DEB)/docket-$(VERSION)

.PHONY: deb
deb: run-deps ## build the Debian package in build/deb, and check it
	@bash -c "$$INSTALL_MISSING" deps $(DEB_PACKAGES)
	@rm -rf $(DEB) && mkdir -p $(DEB_TREE)
	@{ git ls-files 2>/dev/null || find . -type f ! -path './build/*'; } | \
		tar -cf - -T - | tar -xf - -C $(DEB_TREE)
	@cp -R tools/debian $(DEB_TREE)/debian
	@cd $(DEB_TREE) && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS \
		dpkg-buildpackage --unsigned-changes --build=binary > ../build.log 2>&1 || \
		{ tail -n 40 ../build.log; exit 1; }
	@lintian --allow-root --fail-on error,warning $(DEB)/docket_*.changes
	@ls $(DEB)/*.deb

# A folder to upload to a shared host: the programs with all their libraries, the
# portal, and what web servers there need.
KIT := docket-$(VERSION)-shared-hosting

.PHONY: shared-hosting
shared-hosting: run-deps ## pack a folder to upload to a shared host
	@$(MAKE) $(jobs) BUILD=release all
	@tools/shared-hosting/pack build/release build/$(KIT)
	@tar -C build -czf build/$(KIT).tar.gz $(KIT)
	@ls build/$(KIT).tar.gz
