# Docket: every command there is. `make` alone prints them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

# A build has a variant, and each variant a directory of its own:
#   release  what runs
#   asan     the same under AddressSanitizer and UBSan, for the tests
#   check    the same with every warning an error, for `make check`
#   fuzz     clang's libFuzzer
BUILD ?= release
B := build/$(BUILD)

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system

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
WARN := -Wall -Wextra
else
$(error BUILD is $(BUILD), but must be release, asan, check or fuzz)
endif
# Embedded GraphQL documents may be longer than the 4095 bytes that C17 makes
# every compiler take.
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
CFLAGS_fuzz := $(SANITIZE) -fsanitize=fuzzer-no-link
LDFLAGS_release := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed
LDFLAGS_check := $(LDFLAGS_release)
LDFLAGS_asan := -fsanitize=address,undefined
LDFLAGS_fuzz := -fsanitize=address,undefined

# The library's own headers are system headers to us: no warnings from them.
# Debian calls MariaDB's client libmariadb, others mysqlclient.
pkg = $(shell pkg-config $(1) 2>/dev/null)
MYSQL := $(if $(call pkg,--modversion libmariadb),libmariadb,mysqlclient)
LIBS := fcgi libcjson libcurl $(MYSQL) libsodium
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(call pkg,--cflags $(LIBS)))
PKG_LIBS := $(call pkg,--libs $(LIBS))
CHECK_CFLAGS := $(patsubst -I%,-isystem %,$(call pkg,--cflags check))
CHECK_LIBS := $(call pkg,--libs check)

CPPFLAGS := -std=c17 -D_GNU_SOURCE -Iinclude -I$(B)/gen $(PKG_CFLAGS)
CFLAGS_ALL = $(WARN) $(CFLAGS_$(BUILD)) $(CFLAGS)
LDFLAGS_ALL = $(LDFLAGS_$(BUILD)) $(LDFLAGS)

# --- what is built from what ----------------------------------------------

LIB_SRC := $(wildcard lib/*.c lib/*/*.c)
CGI_SRC := $(wildcard cgi/*.c)
TOOLS := docket-sync docketctl
TOOLS_SRC := $(foreach t,$(TOOLS),$(wildcard tools/$(t)*.c))
UNIT_SRC := $(wildcard tests/unit/*.c)
API_SRC := $(wildcard tests/api/*.c)
FUZZ_SRC := $(wildcard tests/fuzz/*.c)
PRODUCT_SRC := $(LIB_SRC) $(CGI_SRC) $(TOOLS_SRC)
TEST_SRC := $(UNIT_SRC) $(API_SRC) $(if $(filter fuzz,$(BUILD)),$(FUZZ_SRC))
ALL_SRC := $(PRODUCT_SRC) $(TEST_SRC)
C_FILES := $(wildcard $(foreach d,include lib lib/* cgi tools tests tests/*,\
	$(d)/*.c $(d)/*.h))
GRAPHQL := $(wildcard lib/linear/*.graphql)

obj = $(patsubst %.c,$(B)/obj/%.o,$(1))
LIBDOCKET := $(B)/libdocket.a
# All of the worker but its main(), for the tests of the web half.
CGI_PART := $(call obj,$(filter-out cgi/main.c,$(CGI_SRC)))

PROGRAMS := $(if $(CGI_SRC),$(B)/docket.fcgi) \
	$(foreach t,$(TOOLS),$(if $(wildcard tools/$(t)*.c),$(B)/$(t)))
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/unit_%,$(UNIT_SRC))
API := $(if $(API_SRC),$(B)/tests/api)
FUZZ := $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz_%,$(FUZZ_SRC))

# --- commands -------------------------------------------------------------

.PHONY: help
help:
	@awk -F': *[^#]*## *' '/^[a-z-]+:.*## /{printf "make %-10s %s\n",$$1,$$2}' \
		$(firstword $(MAKEFILE_LIST))

.PHONY: all
all: libraries $(PROGRAMS) ## build the programs (BUILD=release|asan)

.PHONY: tests
tests: all $(UNIT) $(API)

.PHONY: fuzzers
fuzzers: $(FUZZ)

.PHONY: clean
clean: ## remove everything built; the data under var/ stays
	rm -rf build compile_commands.json

.PHONY: format
format: ## format the C sources in place
	clang-format -i $(C_FILES)

.PHONY: libraries
libraries:
	@pkg-config --exists $(LIBS) || { \
		echo 'libraries are missing: run "make deps" first' >&2; exit 1; }

# --- building -------------------------------------------------------------

# Each such file changes only when its text does: what is built with other
# flags, or from another list of sources, is built again.
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

# Nothing of the product may call a banned function; its tests may.
$(call obj,$(PRODUCT_SRC)): CPPFLAGS += -include include/banned.h
$(call obj,$(PRODUCT_SRC)): include/banned.h
$(call obj,$(TEST_SRC)): CPPFLAGS += -Itests -Icgi $(CHECK_CFLAGS)

$(B)/obj/%.o: %.c $(B)/flags | $(B)/gen/graphql.h
	@mkdir -p $(@D)
	@echo '  CC    $<'
	@$(CC) $(CPPFLAGS) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(call obj,$(ALL_SRC)))

# Each document of lib/linear/ becomes a string: foo.graphql is graphql_foo.
# Runs of white space shrink to one space. A string literal would suffer from
# that, and is wrong there anyway: values travel as variables.
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
$(B)/$(1): $(call obj,$(wildcard tools/$(1)*.c)) $(LIBDOCKET) $(B)/tools.list
	$$(call link,$$(PKG_LIBS))
endef
$(foreach t,$(TOOLS),$(eval $(call tool_rule,$(t))))

$(UNIT): $(B)/tests/unit_%: $(B)/obj/tests/unit/%.o $(CGI_PART) $(LIBDOCKET) \
		$(B)/cgi.list
	$(call link,$(PKG_LIBS) $(CHECK_LIBS))

$(API): $(call obj,$(API_SRC)) $(LIBDOCKET) $(B)/api.list
	$(call link,$(PKG_LIBS) $(CHECK_LIBS))

$(FUZZ): LDFLAGS_ALL += -fsanitize=fuzzer
$(FUZZ): $(B)/tests/fuzz_%: $(B)/obj/tests/fuzz/%.o $(CGI_PART) $(LIBDOCKET)
	$(call link,$(PKG_LIBS))
