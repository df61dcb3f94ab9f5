# What the tests of shared hosting share: the folder that `make shared-hosting` packs,
# set up against the database of the instance, and web servers that serve it. Run
# within an instance (tests/lib/shell.sh: in_own_instance).
# shellcheck shell=bash

# The web server's user, which runs the programs.
if ((EUID == 0)); then web_user=www-data; else web_user=$(id -un); fi

# The folder is set up as INSTALL.md says, but for the settings, which are those of
# the instance.
set_up_kit() { # folder
	local setting
	kit=$1
	tools/shared-hosting/pack build/release "$kit"
	# shellcheck disable=SC2154 # of tests/lib/shell.sh
	for setting in "${instance_settings[@]}"; do
		[[ $setting == BUILD || ! ${!setting:-} ]] ||
			printf '%s=%s\n' "$setting" "${!setting}"
	done >>"$kit/docket/docket.env"
	# The instance's own belong to another user.
	echo FILES_DIR=files >>"$kit/docket/docket.env"
	sed -i '/^LINEAR_WAIT_MS=0/d; s/^LOG_LEVEL=warn/LOG_LEVEL=info/' "$kit/docket/docket.env"
	let_web_user_in
}

# Run by root, the web server's user has to reach the folder, the database and the
# sync daemon.
let_web_user_in() {
	local dir
	((EUID == 0)) || return 0
	for dir in "$kit" "$STATE/run"; do
		while [[ $dir != / ]]; do
			chmod o+x "$dir"
			dir=$(dirname "$dir")
		done
	done
	chown -R "$web_user" "$kit" "$STATE/run"
}

# What precedes a command that is to run as the web server's user.
# shellcheck disable=SC2034 # for the scripts
as_web_user=()
# shellcheck disable=SC2034
((EUID != 0)) || as_web_user=(setpriv --reuid "$web_user"
	--regid "$(id -g "$web_user")" --clear-groups)

# Starts a server in the background.
servers=()
start_server() { # folder for its output, command…
	local log=$1/output.log
	shift
	"$@" >>"$log" 2>&1 </dev/null &
	servers+=($!)
}

stop_servers() {
	((${#servers[@]} == 0)) || kill "${servers[@]}" 2>/dev/null || true
	wait
	servers=()
}

# Starts Apache as a shared host configures it: what .htaccess may override, and little
# else. Sets BASE_URL.
start_apache() { # cgid or fcgid, folder for its files
	local module=$1 dir=$2 port own identity=
	port=$(free_port)
	mkdir -p "$dir"
	if [[ $module == cgid ]]; then
		own="ScriptSock $dir/cgid.sock"
	else
		own="FcgidIPCDir $dir
			FcgidProcessTableFile $dir/fcgid.table
			FcgidMaxProcessesPerClass 4"
	fi
	if ((EUID == 0)); then
		identity="User $web_user
			Group $(id -gn "$web_user")"
		chown "$web_user" "$dir"
	fi
	cat >"$dir/apache.conf" <<-END
		ServerRoot /usr/lib/apache2
		ServerName 127.0.0.1
		Listen 127.0.0.1:$port
		PidFile $dir/apache.pid
		ErrorLog $dir/apache.log
		LoadModule mpm_event_module modules/mod_mpm_event.so
		LoadModule authz_core_module modules/mod_authz_core.so
		LoadModule mime_module modules/mod_mime.so
		LoadModule dir_module modules/mod_dir.so
		LoadModule env_module modules/mod_env.so
		LoadModule setenvif_module modules/mod_setenvif.so
		LoadModule headers_module modules/mod_headers.so
		LoadModule rewrite_module modules/mod_rewrite.so
		LoadModule deflate_module modules/mod_deflate.so
		LoadModule filter_module modules/mod_filter.so
		LoadModule ${module}_module modules/mod_$module.so
		TypesConfig /etc/mime.types
		$identity
		$own
		AddOutputFilterByType DEFLATE application/json
		DocumentRoot $kit/public_html
		<Directory $kit/public_html>
			Require all granted
			AllowOverride FileInfo Options=ExecCGI
			Options SymLinksIfOwnerMatch
			DirectoryIndex index.html
		</Directory>
	END
	[[ -e /etc/mime.types ]] || sed -i '/^TypesConfig/d' "$dir/apache.conf"
	start_server "$dir" apache2 -f "$dir/apache.conf" -DFOREGROUND
	export BASE_URL=http://127.0.0.1:$port
	within 10 curl -fsS -o /dev/null "$BASE_URL/api/health/"
}
