/* What libical reads in calendar files: one JSON object a line for each event; exit code 1 where it objects. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *whole(const char *name)
{
    FILE *file = fopen(name, "rb");
    if (!file) { perror(name); exit(2); }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc(size + 1);
    text[fread(text, 1, size, file)] = 0;
    fclose(file);
    return text;
}

static void text(const char *name, const char *value)
{
    printf(",\"%s\":\"", name);
    for (const unsigned char *c = (const unsigned char *)(value ? value : ""); *c; c++) {
        if (*c == '"' || *c == '\\') printf("\\%c", *c);
        else if (*c < 0x20) printf("\\u%04x", *c);
        else putchar(*c);
    }
    putchar('"');
}

/* A date as it stands, a moment in seconds since 1970. */
static void moment(const char *name, icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    if (!property) { printf(",\"%s\":null", name); return; }
    icaltimetype when = icalproperty_get_datetime_with_component(property, event);
    if (when.is_date) printf(",\"%s\":\"%04d-%02d-%02d\"", name, when.year, when.month, when.day);
    else printf(",\"%s\":%lld", name, (long long)icaltime_as_timet_with_zone(when, when.zone));
}

static const char *value(icalcomponent *event, icalproperty_kind kind)
{
    icalproperty *property = icalcomponent_get_first_property(event, kind);
    icalvalue *found = property ? icalproperty_get_value(property) : NULL;
    return found && icalvalue_isa(found) == ICAL_TEXT_VALUE ? icalvalue_get_text(found)
           : property ? icalproperty_get_value_as_string(property) : "";
}

int main(int count, char **names)
{
    int objections = 0;
    for (int i = 1; i < count; i++) {
        char *content = whole(names[i]);
        icalcomponent *calendar = icalparser_parse_string(content);
        if (!calendar || !icalrestriction_check(calendar) || icalcomponent_count_errors(calendar)) {
            fprintf(stderr, "%s:\n%s\n", names[i], calendar ? icalcomponent_as_ical_string(calendar) : "nothing");
            objections = 1;
        }
        icalcomponent *event = calendar ? icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT) : NULL;
        for (; event; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
            printf("{\"file\":\"%s\"", names[i]);
            moment("starts", event, ICAL_DTSTART_PROPERTY);
            moment("ends", event, ICAL_DTEND_PROPERTY);
            text("uid", value(event, ICAL_UID_PROPERTY));
            text("summary", value(event, ICAL_SUMMARY_PROPERTY));
            text("location", value(event, ICAL_LOCATION_PROPERTY));
            text("description", value(event, ICAL_DESCRIPTION_PROPERTY));
            text("categories", value(event, ICAL_CATEGORIES_PROPERTY));
            text("status", value(event, ICAL_STATUS_PROPERTY));
            text("url", value(event, ICAL_URL_PROPERTY));
            printf("}\n");
        }
        if (calendar) icalcomponent_free(calendar);
        free(content);
    }
    return objections;
}
