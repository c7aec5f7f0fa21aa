#ifndef CONNECTION_H
#define CONNECTION_H

#include "standin.h"

/* Leaves the service, if there is a connection; the next call goes to `port`, or to that of the environment for 0. */
void connect_from_now_on(uint16_t port);

#endif
