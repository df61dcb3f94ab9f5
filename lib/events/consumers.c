/* The table of consumers. A new one is a file and a row here. */

#include "consumers.h"

const struct consumer consumers[] = {
    {"linear", queue_for_linear},   {"search", index_words},
    {"directory", index_customers}, {"notices", tell_people},
    {"trend", count_trend},	    {NULL, NULL},
};
