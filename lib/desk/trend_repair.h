#ifndef DESK_TREND_REPAIR_H
#define DESK_TREND_REPAIR_H

#include "desk/outbox.h"

/* The counts of the trend as they follow from issues and their history, minus
 * those that are stored: rows only where these differ. One statement reads both
 * sides, and what is derived and "derived up to here" commit together, so the
 * difference is exact while others work. An answer's time is the issue's, or
 * that before the first change of it that is not counted yet. */

#define TREND_IS_COUNTED(a) OUTBOX_IS_DERIVED(a, "trend")

#define TREND_DAYS_WRONG                                                     \
	"(SELECT organization_id, day, quarter, "                            \
	"SUM(raised) - SUM(was_raised) "                                     \
	"AS raised, SUM(resolved) - SUM(was_resolved) AS resolved FROM "     \
	"(SELECT a.organization_id, DATE(a.created_at) AS day, "             \
	"HOUR(a.created_at) * 4 + MINUTE(a.created_at) DIV 15 "              \
	"AS quarter, "                                                       \
	"a.field = 'created' AS raised, a.field = 'status' AS resolved, "    \
	"0 AS was_raised, 0 AS was_resolved FROM activity a "                \
	"WHERE (a.field = 'created' AND a.actor_kind <> 'linear' "           \
	"OR a.field = 'status' AND a.new_value = 'resolved') "               \
	"AND " TREND_IS_COUNTED(                                             \
	    "a") " UNION ALL SELECT organization_id, day, quarter, 0, 0, "   \
		 "raised, resolved "                                         \
		 "FROM trend_day) t GROUP BY organization_id, day, quarter " \
		 "HAVING raised <> 0 OR resolved <> 0)"

#define TREND_BUCKET(time)                                           \
	"FLOOR(8 * LOG2(1 + GREATEST(0, TIMESTAMPDIFF(MICROSECOND, " \
	"i.created_at, " time ") / 1e6)))"

#define TREND_ANSWERED                                                      \
	"(SELECT i.id, i.organization_id, i.created_at, IF(p.id IS NULL, "  \
	"i.first_answered_at, STR_TO_DATE(p.old_value, "                    \
	"'%Y-%m-%dT%H:%i:%s.%fZ')) AS at FROM issue i "                     \
	"LEFT JOIN activity p ON p.id = (SELECT MIN(a.id) FROM activity a " \
	"WHERE a.issue_id = i.id AND a.field = 'first_answer' "             \
	"AND NOT " TREND_IS_COUNTED("a") "))"

#define TREND_DURATIONS_WRONG                                                  \
	"(SELECT organization_id, day, kind, bucket, SUM(is_n) - "             \
	"SUM(was_n) AS n FROM (SELECT i.organization_id, DATE(i.at) "          \
	"AS day, 1 AS kind, " TREND_BUCKET(                                    \
	    "i.at") " AS bucket, 1 AS is_n, "                                  \
		    "0 AS was_n FROM " TREND_ANSWERED                          \
		    " i WHERE i.at IS NOT NULL "                               \
		    "UNION ALL SELECT a.organization_id, DATE(a.created_at), " \
		    "2, " TREND_BUCKET(                                        \
			"a.created_at") ", 1, 0 FROM activity a "              \
					"JOIN issue i ON i.id = a.issue_id "   \
					"WHERE a.field = 'status' "            \
					"AND a.new_value = 'resolved' "        \
					"AND " TREND_IS_COUNTED(               \
					    "a") " UNION ALL SELECT "          \
						 "organization_id, day, kind " \
						 "+ 0, bucket, 0, "            \
						 "n FROM trend_duration) t "   \
						 "GROUP BY organization_id, "  \
						 "day, kind, bucket HAVING n " \
						 "<> 0)"

#endif
