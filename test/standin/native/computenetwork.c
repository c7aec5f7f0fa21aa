/* computenetwork.dll: what it has for networks, endpoints, namespaces, load balancers and routes is the same. */
#include "platform.h"

/* The reply says first what went wrong, if anything did, then what was asked for. */
static void give_record(const struct reply *reply, wide **properties, wide **record) {
  lock();
  hand_out(record, reply_text(reply, 0), CO_TASK_MEM);
  hand_out(properties, reply_text(reply, 1), CO_TASK_MEM);
  unlock();
}

static hresult finish(struct reply *reply, wide **properties, wide **record) {
  hresult code = reply->code;
  give_record(reply, properties, record);
  drop_reply(reply);
  return code;
}

static void clear(handle *object, wide **properties, wide **record) {
  if (object != NULL) *object = 0;
  if (properties != NULL) *properties = NULL;
  if (record != NULL) *record = NULL;
}

static handle new_object(void) {
  lock();
  handle value = add_object(KIND_NETWORK)->handle;
  unlock();
  return value;
}

static bool drop(handle value) {
  lock();
  struct object *object = find_object(value, KIND_NETWORK);
  if (object != NULL) drop_object(object);
  unlock();
  return object != NULL;
}

static hresult give_object(struct reply *reply, handle value, handle *object, wide **record) {
  hresult code = finish(reply, NULL, record);
  if (FAILED(code)) drop(value);
  else *object = value;
  return code;
}

static hresult enumerate(const char *function, const wide *query, wide **list, wide **record) {
  struct reply reply;
  clear(NULL, list, record);
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  ask(function, &reply, "t", query);
  return finish(&reply, list, record);
}

static hresult create(const char *function, handle within, const uint8_t *id, const wide *settings, handle *object,
                      wide **record) {
  struct reply reply;
  wide text[GUID_LENGTH];
  if (object == NULL || id == NULL) return BAD_POINTER;
  clear(object, NULL, record);
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  handle value = new_object();
  ask(function, &reply, "nttn", value, guid_text(id, text), settings, within);
  return give_object(&reply, value, object, record);
}

static hresult open(const char *function, const uint8_t *id, handle *object, wide **record) {
  struct reply reply;
  wide text[GUID_LENGTH];
  if (object == NULL || id == NULL) return BAD_POINTER;
  clear(object, NULL, record);
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  handle value = new_object();
  ask(function, &reply, "nt", value, guid_text(id, text));
  return give_object(&reply, value, object, record);
}

/* Modifies or queries: the service is told the handle and a document. */
static hresult use(const char *function, handle object, const wide *document, wide **properties, wide **record) {
  struct reply reply;
  clear(NULL, properties, record);
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  lock();
  bool is_open = find_object(object, KIND_NETWORK) != NULL;
  unlock();
  if (!is_open) return BAD_HANDLE;
  ask(function, &reply, "nt", object, document);
  return finish(&reply, properties, record);
}

static hresult delete(const char *function, const uint8_t *id, wide **record) {
  struct reply reply;
  wide text[GUID_LENGTH];
  if (id == NULL) return BAD_POINTER;
  clear(NULL, NULL, record);
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  ask(function, &reply, "t", guid_text(id, text));
  return finish(&reply, NULL, record);
}

static hresult close_object(const char *function, handle object) {
  struct reply reply;
  hresult injected = injected_failure(function);
  if (injected != OK) return injected;
  if (!drop(object)) return BAD_HANDLE;
  ask(function, &reply, "n", object);
  drop_reply(&reply);
  return OK;
}

#define EXPORTS_OF(One, Many)                                                                            \
  EXPORT hresult HcnEnumerate##Many(const wide *query, wide **list, wide **record);                      \
  EXPORT hresult HcnEnumerate##Many(const wide *query, wide **list, wide **record) {                     \
    return enumerate(__func__, query, list, record);                                                     \
  }                                                                                                      \
  EXPORT hresult HcnOpen##One(const uint8_t *id, handle *object, wide **record);                         \
  EXPORT hresult HcnOpen##One(const uint8_t *id, handle *object, wide **record) {                        \
    return open(__func__, id, object, record);                                                           \
  }                                                                                                      \
  EXPORT hresult HcnModify##One(handle object, const wide *settings, wide **record);                     \
  EXPORT hresult HcnModify##One(handle object, const wide *settings, wide **record) {                    \
    return use(__func__, object, settings, NULL, record);                                                \
  }                                                                                                      \
  EXPORT hresult HcnQuery##One##Properties(handle object, const wide *query, wide **out, wide **record); \
  EXPORT hresult HcnQuery##One##Properties(handle object, const wide *query, wide **out, wide **record) { \
    return use(__func__, object, query, out, record);                                                    \
  }                                                                                                      \
  EXPORT hresult HcnDelete##One(const uint8_t *id, wide **record);                                       \
  EXPORT hresult HcnDelete##One(const uint8_t *id, wide **record) { return delete(__func__, id, record); } \
  EXPORT hresult HcnClose##One(handle object);                                                           \
  EXPORT hresult HcnClose##One(handle object) { return close_object(__func__, object); }

#define CREATE_OF(One)                                                                                   \
  EXPORT hresult HcnCreate##One(const uint8_t *id, const wide *settings, handle *object, wide **record); \
  EXPORT hresult HcnCreate##One(const uint8_t *id, const wide *settings, handle *object, wide **record) { \
    return create(__func__, 0, id, settings, object, record);                                            \
  }

EXPORTS_OF(Network, Networks)
CREATE_OF(Network)
EXPORTS_OF(Namespace, Namespaces)
CREATE_OF(Namespace)
EXPORTS_OF(LoadBalancer, LoadBalancers)
CREATE_OF(LoadBalancer)
EXPORTS_OF(SdnRoute, SdnRoutes)
CREATE_OF(SdnRoute)
EXPORTS_OF(Endpoint, Endpoints)

EXPORT hresult HcnCreateEndpoint(handle network, const uint8_t *id, const wide *settings, handle *endpoint,
                                 wide **record);
EXPORT hresult HcnCreateEndpoint(handle network, const uint8_t *id, const wide *settings, handle *endpoint,
                                 wide **record) {
  return create(__func__, network, id, settings, endpoint, record);
}
