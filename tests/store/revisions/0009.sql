PRAGMA application_id = 1129600329;
BEGIN;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE change (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at BIGINT NOT NULL, 
	kind VARCHAR NOT NULL, 
	contact_id INTEGER, 
	conversation_id INTEGER, 
	message_id INTEGER
);
CREATE TABLE contact (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR NOT NULL, 
	company VARCHAR NOT NULL, 
	emails JSON NOT NULL, 
	tags JSON NOT NULL, 
	note VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	created_at BIGINT NOT NULL, 
	search_text VARCHAR NOT NULL, 
	activity_at BIGINT NOT NULL, 
	last_message_id INTEGER, 
	last_inbound_at BIGINT, 
	unread INTEGER NOT NULL, 
	failing BOOLEAN NOT NULL
, language VARCHAR DEFAULT '' NOT NULL, attributes JSON DEFAULT '{}' NOT NULL, blocked_at BIGINT);
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	provider VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	account VARCHAR NOT NULL, 
	secret VARCHAR NOT NULL, 
	base_url VARCHAR NOT NULL, 
	options JSON NOT NULL, 
	human_agent BOOLEAN NOT NULL, 
	created_at BIGINT NOT NULL, 
	connected_at BIGINT NOT NULL, 
	disconnected_at BIGINT, 
	last_inbound_at BIGINT, 
	last_outbound_at BIGINT, 
	heard_at BIGINT, 
	last_error_code VARCHAR NOT NULL, 
	last_error_at BIGINT, last_error_provider VARCHAR DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (channel, address), 
	UNIQUE (name)
);
CREATE TABLE trouble (
	inbox_id INTEGER NOT NULL, 
	source VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (inbox_id, source), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id)
);
CREATE TABLE lease (
	name VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT NOT NULL, 
	cursor VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE setting (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE identity (
	id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	channel VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	scope INTEGER NOT NULL, 
	profile_name VARCHAR NOT NULL, 
	opted_out_at BIGINT, 
	blocked_at BIGINT, 
	refusal_code VARCHAR NOT NULL, 
	name_asks INTEGER NOT NULL, 
	name_due BIGINT, stop_asked_at BIGINT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	UNIQUE (channel, "key", scope)
);
CREATE TABLE likeness (
	"key" VARCHAR NOT NULL, 
	contact_id INTEGER NOT NULL, 
	PRIMARY KEY ("key", contact_id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id)
);
CREATE TABLE dismissal (
	low_id INTEGER NOT NULL, 
	high_id INTEGER NOT NULL, 
	author VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (low_id, high_id)
);
CREATE TABLE merge (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	author VARCHAR NOT NULL, 
	kept_id INTEGER NOT NULL, 
	other_id INTEGER NOT NULL, 
	kept_before JSON NOT NULL, 
	kept_after JSON NOT NULL, 
	other JSON NOT NULL, 
	moved JSON NOT NULL, 
	stayed JSON NOT NULL, 
	strangers JSON NOT NULL, 
	threads INTEGER NOT NULL, 
	messages INTEGER NOT NULL, 
	undone_at BIGINT, 
	undone_by VARCHAR NOT NULL
);
CREATE TABLE template (
	id INTEGER NOT NULL, 
	inbox_id INTEGER NOT NULL, 
	sid VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	category VARCHAR NOT NULL, 
	approval VARCHAR NOT NULL, 
	rejection_reason VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	header VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	footer VARCHAR NOT NULL, 
	media JSON NOT NULL, 
	buttons JSON NOT NULL, 
	samples JSON NOT NULL, 
	synced_at BIGINT NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id), 
	UNIQUE (inbox_id, sid)
);
CREATE TABLE conversation (
	id INTEGER NOT NULL, 
	identity_id INTEGER NOT NULL, 
	inbox_id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	last_inbound_at BIGINT, 
	closed_by_provider_at BIGINT, 
	window_until BIGINT, 
	last_message_at BIGINT, 
	unread INTEGER NOT NULL, 
	read_up_to BIGINT, 
	delivered_until BIGINT, 
	seen_until BIGINT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	FOREIGN KEY(identity_id) REFERENCES identity (id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id), 
	UNIQUE (identity_id, inbox_id)
);
CREATE TABLE draft (
	identity_id INTEGER NOT NULL, 
	inbox_id INTEGER NOT NULL, 
	body VARCHAR NOT NULL, 
	file VARCHAR NOT NULL, 
	saved_at BIGINT NOT NULL, begun_after INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (identity_id, inbox_id), 
	FOREIGN KEY(identity_id) REFERENCES identity (id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id)
);
CREATE TABLE message (
	id INTEGER NOT NULL, 
	uid VARCHAR NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	contact_id INTEGER NOT NULL, 
	inbox_id INTEGER NOT NULL, 
	direction VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	media JSON NOT NULL, 
	template JSON, 
	author VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	error_code VARCHAR NOT NULL, 
	provider_id VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	stored_at BIGINT NOT NULL, 
	status_at BIGINT, 
	edited_at BIGINT, 
	human_agent BOOLEAN NOT NULL, 
	provider_at BIGINT, provider VARCHAR DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id), 
	FOREIGN KEY(conversation_id) REFERENCES conversation (id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id), 
	UNIQUE (uid)
);
CREATE TABLE attempt (
	id INTEGER NOT NULL, 
	message_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	started_at BIGINT NOT NULL, 
	finished_at BIGINT, 
	outcome VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	provider_id VARCHAR NOT NULL, provider VARCHAR DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(message_id) REFERENCES message (id), 
	UNIQUE (message_id, number)
);
CREATE TABLE outbox (
	message_id INTEGER NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	inbox_id INTEGER NOT NULL, 
	task VARCHAR NOT NULL, 
	tries INTEGER NOT NULL, 
	not_before BIGINT NOT NULL, 
	lease_owner VARCHAR NOT NULL, 
	lease_until BIGINT, 
	PRIMARY KEY (message_id), 
	FOREIGN KEY(message_id) REFERENCES message (id)
);
CREATE TABLE pace (
	inbox_id INTEGER NOT NULL, 
	conversation_id INTEGER NOT NULL, 
	free_at BIGINT NOT NULL, 
	PRIMARY KEY (inbox_id, conversation_id)
);
CREATE TABLE provider_event (
	id INTEGER NOT NULL, 
	inbox_id INTEGER NOT NULL, 
	event_key VARCHAR NOT NULL, 
	provider_id VARCHAR NOT NULL, 
	message_id INTEGER, 
	status VARCHAR NOT NULL, 
	delivery VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	media JSON, 
	at BIGINT NOT NULL, 
	raw JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id), 
	FOREIGN KEY(message_id) REFERENCES message (id), 
	UNIQUE (inbox_id, event_key)
);
CREATE VIRTUAL TABLE contact_search USING fts5(search_text, content='contact', content_rowid='id', tokenize='trigram', columnsize=0);
CREATE VIRTUAL TABLE message_search USING fts5(body, content='', tokenize='trigram', columnsize=0);
CREATE TABLE identity_alias (
	inbox_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	identity_id INTEGER NOT NULL, 
	PRIMARY KEY (inbox_id, "key"), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id), 
	FOREIGN KEY(identity_id) REFERENCES identity (id)
);
CREATE TABLE passed_over (
	inbox_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	count INTEGER NOT NULL, 
	last_at BIGINT NOT NULL, 
	PRIMARY KEY (inbox_id, kind), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id)
);
CREATE TABLE receiver (
	owner VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	"left" BOOLEAN NOT NULL, 
	PRIMARY KEY (owner)
);
CREATE TABLE poll (
	inbox_id INTEGER NOT NULL, 
	answered_at BIGINT NOT NULL, 
	PRIMARY KEY (inbox_id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id)
);
CREATE TABLE gap (
	id INTEGER NOT NULL, 
	inbox_id INTEGER NOT NULL, 
	reason VARCHAR NOT NULL, 
	since BIGINT NOT NULL, 
	until BIGINT NOT NULL, 
	is_lost BOOLEAN NOT NULL, 
	opened_at BIGINT NOT NULL, 
	taken INTEGER NOT NULL, 
	cursor VARCHAR NOT NULL, 
	is_listed BOOLEAN NOT NULL, 
	read INTEGER NOT NULL, 
	reported_up_to INTEGER NOT NULL, 
	tries INTEGER NOT NULL, 
	not_before BIGINT, 
	code VARCHAR NOT NULL, 
	closed_at BIGINT, 
	closed_by VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id)
);
CREATE TABLE missed_message (
	inbox_id INTEGER NOT NULL, 
	provider_id VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	place INTEGER NOT NULL, 
	files INTEGER NOT NULL, 
	raw JSON NOT NULL, 
	PRIMARY KEY (inbox_id, provider_id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id)
);
CREATE TABLE queue (
	contact_id INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	waiting_since BIGINT, 
	deadline BIGINT, 
	wake VARCHAR NOT NULL, 
	wake_at BIGINT, 
	PRIMARY KEY (contact_id)
);
CREATE TABLE answer_target (
	inbox_id INTEGER NOT NULL, 
	minutes INTEGER, 
	hours VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	PRIMARY KEY (inbox_id), 
	FOREIGN KEY(inbox_id) REFERENCES inbox (id)
);
CREATE TABLE agent (
	name VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	hours VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	added_at BIGINT NOT NULL, 
	disabled_at BIGINT, role VARCHAR DEFAULT 'agent' NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE saved_view (
	name VARCHAR NOT NULL, 
	filter VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE journal (
	id INTEGER NOT NULL, 
	batch INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	agent VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	contact_id INTEGER NOT NULL, 
	words VARCHAR NOT NULL, 
	"before" JSON NOT NULL, 
	"after" JSON NOT NULL, 
	undone_at BIGINT, 
	undone_by VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE note (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	contact_id INTEGER NOT NULL, 
	author VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	text VARCHAR NOT NULL, 
	edited_at BIGINT, 
	FOREIGN KEY(contact_id) REFERENCES contact (id)
);
CREATE TABLE attribute (
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE forgotten_opt_out (
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (hash)
);
CREATE TABLE canned_reply (
	name VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	PRIMARY KEY (name, author)
);
CREATE TABLE presence (
	process VARCHAR NOT NULL, 
	agent VARCHAR NOT NULL, 
	contact_id INTEGER NOT NULL, 
	is_writing BOOLEAN NOT NULL, 
	until BIGINT NOT NULL, 
	PRIMARY KEY (process)
);
INSERT INTO "alembic_version" VALUES ('0009');
INSERT INTO "change" VALUES (1, 1794916800000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (2, 1794916800000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (3, 1794916800000000, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (4, 1794916800000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (5, 1794916800000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (6, 1794916800000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (7, 1794916800000000, 'contact', 2, NULL, NULL);
INSERT INTO "change" VALUES (8, 1794916800000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (9, 1794916800000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (10, 1794916800000000, 'contact', 2, NULL, NULL);
INSERT INTO "change" VALUES (11, 1794916800000000, 'contact', 2, NULL, NULL);
INSERT INTO "change" VALUES (12, 1794916800000000, 'contact', 2, NULL, NULL);
INSERT INTO "change" VALUES (13, 1794916800000000, 'contact', 2, NULL, NULL);
INSERT INTO "change" VALUES (14, 1794916860000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (15, 1794916860000000, 'message', 1, 1, 1);
INSERT INTO "change" VALUES (16, 1794916860000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (17, 1794916920000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (18, 1794916920000000, 'message', 1, 2, 2);
INSERT INTO "change" VALUES (19, 1794916920000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (20, 1794916980000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (21, 1794916980000000, 'message', 2, 3, 3);
INSERT INTO "change" VALUES (22, 1794916980000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (23, 1794917040000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (24, 1794917040000000, 'message', 2, 4, 4);
INSERT INTO "change" VALUES (25, 1794917040000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (26, 1794917100000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (27, 1794917100000000, 'message', 2, 5, 5);
INSERT INTO "change" VALUES (28, 1794917100000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (29, 1794917160000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (30, 1794917160000000, 'message', 2, 6, 6);
INSERT INTO "change" VALUES (31, 1794917160000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (32, 1794917220000000, 'message', 1, 1, 7);
INSERT INTO "change" VALUES (33, 1794917220000000, 'conversation', 1, 1, NULL);
INSERT INTO "change" VALUES (34, 1794917220000000, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (35, 1794917280000000, 'message', 2, 5, 8);
INSERT INTO "change" VALUES (36, 1794917280000000, 'conversation', 2, 5, NULL);
INSERT INTO "change" VALUES (37, 1794917280000000, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (38, 1794917280000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (39, 1794917280000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (40, 1794917300000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (41, 1794917300000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (42, 1794917300000000, 'message', 3, 7, 9);
INSERT INTO "change" VALUES (43, 1794917300000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (44, 1794917300000000, 'contact', 4, NULL, NULL);
INSERT INTO "change" VALUES (45, 1794917300000000, 'contact', 4, NULL, NULL);
INSERT INTO "change" VALUES (46, 1794917320000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (47, 1794917320000000, 'contact', 4, NULL, NULL);
INSERT INTO "change" VALUES (48, 1794917320000000, 'message', 4, 8, 10);
INSERT INTO "change" VALUES (49, 1794917320000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (50, 1794917340000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (51, 1794917340000000, 'contact', 5, NULL, NULL);
INSERT INTO "change" VALUES (52, 1794917340000000, 'contact', 5, NULL, NULL);
INSERT INTO "change" VALUES (53, 1794917340000000, 'message', 5, 9, 11);
INSERT INTO "change" VALUES (54, 1794917340000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (55, 1794917360000000, 'message', 5, 9, 12);
INSERT INTO "change" VALUES (56, 1794917380000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (57, 1794917380000000, 'contact', 6, NULL, NULL);
INSERT INTO "change" VALUES (58, 1794917380000000, 'contact', 6, NULL, NULL);
INSERT INTO "change" VALUES (59, 1794917380000000, 'message', 6, 10, 13);
INSERT INTO "change" VALUES (60, 1794917380000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (61, 1794917400000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (62, 1794917400000000, 'message', 5, 9, 14);
INSERT INTO "change" VALUES (63, 1794917400000000, 'message', 5, 9, 14);
INSERT INTO "change" VALUES (64, 1794917440000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (65, 1794917440000000, 'contact', 7, NULL, NULL);
INSERT INTO "change" VALUES (66, 1794917440000000, 'contact', 7, NULL, NULL);
INSERT INTO "change" VALUES (67, 1794917440000000, 'message', 7, 11, 15);
INSERT INTO "change" VALUES (68, 1794917440000000, 'contact', 7, NULL, NULL);
INSERT INTO "change" VALUES (69, 1794917440000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (70, 1794917460000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (71, 1794917480000000, 'contact', 8, NULL, NULL);
INSERT INTO "change" VALUES (72, 1794917480000000, 'contact', 8, NULL, NULL);
INSERT INTO "change" VALUES (73, 1794917480000000, 'message', 8, 12, 16);
INSERT INTO "change" VALUES (74, 1794917480000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (75, 1794917500000000, 'contact', 8, NULL, NULL);
INSERT INTO "change" VALUES (76, 1794917500000000, 'status', 1, 1, 7);
INSERT INTO "change" VALUES (77, 1794917500000000, 'status', 2, 5, 8);
INSERT INTO "change" VALUES (78, 1794917500000000, 'status', 1, 1, 7);
INSERT INTO "change" VALUES (79, 1794917500000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (80, 1794917505000000, 'status', 2, 5, 8);
INSERT INTO "change" VALUES (81, 1794917505000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (82, 1794917710000000, 'message', 3, 7, 17);
INSERT INTO "change" VALUES (83, 1794917710000000, 'conversation', 3, 7, NULL);
INSERT INTO "change" VALUES (84, 1794917713000000, 'status', 3, 7, 17);
INSERT INTO "change" VALUES (85, 1794917713000000, 'status', 3, 7, 17);
INSERT INTO "change" VALUES (86, 1794917713000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (87, 1794917733000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (88, 1794917733000000, 'status', 3, 7, 17);
INSERT INTO "change" VALUES (89, 1794917753000000, 'status', 3, 7, 17);
INSERT INTO "change" VALUES (90, 1794917833000000, 'message', 3, 7, 18);
INSERT INTO "change" VALUES (91, 1794917836000000, 'status', 3, 7, 18);
INSERT INTO "change" VALUES (92, 1794917836000000, 'status', 3, 7, 18);
INSERT INTO "change" VALUES (93, 1794917836000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (94, 1794917856000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (95, 1794917856000000, 'status', 3, 7, 18);
INSERT INTO "change" VALUES (96, 1794917936000000, 'message', 3, 7, 19);
INSERT INTO "change" VALUES (97, 1794917939000000, 'status', 3, 7, 19);
INSERT INTO "change" VALUES (98, 1794917939000000, 'status', 3, 7, 19);
INSERT INTO "change" VALUES (99, 1794917939000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (100, 1794917939000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (101, 1794917999000000, 'status', 3, 7, 19);
INSERT INTO "change" VALUES (102, 1794918062000000, 'status', 3, 7, 19);
INSERT INTO "change" VALUES (103, 1794918062000000, 'status', 3, 7, 19);
INSERT INTO "change" VALUES (104, 1794918062000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (105, 1794918062000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (106, 1794918082000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (107, 1794918082000000, 'message', 3, 7, 20);
INSERT INTO "change" VALUES (108, 1794918082000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (109, 1794918162000000, 'message', 3, 7, 21);
INSERT INTO "change" VALUES (110, 1794918162000000, 'conversation', 3, 7, NULL);
INSERT INTO "change" VALUES (111, 1794918165000000, 'status', 3, 7, 21);
INSERT INTO "change" VALUES (112, 1794918165000000, 'status', 3, 7, 21);
INSERT INTO "change" VALUES (113, 1794918165000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (114, 1794918245000000, 'message', 3, 7, 22);
INSERT INTO "change" VALUES (115, 1794918248000000, 'status', 3, 7, 22);
INSERT INTO "change" VALUES (116, 1794918248000000, 'status', 3, 7, 22);
INSERT INTO "change" VALUES (117, 1794918248000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (118, 1794918248000000, 'status', 3, 7, 22);
INSERT INTO "change" VALUES (119, 1794918328000000, 'message', 3, 7, 23);
INSERT INTO "change" VALUES (120, 1794918331000000, 'status', 3, 7, 23);
INSERT INTO "change" VALUES (121, 1794918331000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (122, 1794918331000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (123, 1794918331000000, 'status', 3, 7, 23);
INSERT INTO "change" VALUES (124, 1794918351000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (125, 1794918411000000, 'message', 5, 9, 24);
INSERT INTO "change" VALUES (126, 1794918411000000, 'conversation', 5, 9, NULL);
INSERT INTO "change" VALUES (127, 1794918414000000, 'status', 5, 9, 24);
INSERT INTO "change" VALUES (128, 1794918414000000, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (129, 1794918414000000, 'status', 3, 7, 23);
INSERT INTO "change" VALUES (130, 1794918414000000, 'status', 5, 9, 24);
INSERT INTO "change" VALUES (131, 1794918414000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (132, 1794918794000000, 'message', 5, 9, 25);
INSERT INTO "change" VALUES (133, 1794918797000000, 'status', 5, 9, 25);
INSERT INTO "change" VALUES (134, 1794918797000000, 'status', 3, 7, 23);
INSERT INTO "change" VALUES (135, 1794918797000000, 'status', 5, 9, 25);
INSERT INTO "change" VALUES (136, 1794918797000000, 'contact', 5, NULL, NULL);
INSERT INTO "change" VALUES (137, 1794918797000000, 'contact', 5, NULL, NULL);
INSERT INTO "change" VALUES (138, 1794918797000000, 'template', NULL, NULL, NULL);
INSERT INTO "change" VALUES (139, 1794918797000000, 'message', 4, 8, 26);
INSERT INTO "change" VALUES (140, 1794918797000000, 'conversation', 4, 8, NULL);
INSERT INTO "change" VALUES (141, 1794918797000000, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (142, 1794918800000000, 'status', 4, 8, 26);
INSERT INTO "change" VALUES (143, 1794918800000000, 'status', 4, 8, 26);
INSERT INTO "change" VALUES (144, 1794918800000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (145, 1794918820000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (146, 1794918820000000, 'status', 4, 8, 26);
INSERT INTO "change" VALUES (147, 1794918900000000, 'message', 4, 8, 27);
INSERT INTO "change" VALUES (148, 1794918903000000, 'status', 4, 8, 27);
INSERT INTO "change" VALUES (149, 1794918903000000, 'status', 4, 8, 27);
INSERT INTO "change" VALUES (150, 1794918903000000, 'conversation', 4, 8, NULL);
INSERT INTO "change" VALUES (151, 1794918903000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (152, 1795026903000000, 'message', 6, 10, 28);
INSERT INTO "change" VALUES (153, 1795026903000000, 'conversation', 6, 10, NULL);
INSERT INTO "change" VALUES (154, 1795026903000000, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (155, 1795026906000000, 'status', 6, 10, 28);
INSERT INTO "change" VALUES (156, 1795026906000000, 'status', 6, 10, 28);
INSERT INTO "change" VALUES (157, 1795026906000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (158, 1795026926000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (159, 1795026926000000, 'message', 6, 10, 29);
INSERT INTO "change" VALUES (160, 1795026946000000, 'status', 6, 10, 29);
INSERT INTO "change" VALUES (161, 1795026966000000, 'message', 6, 10, 30);
INSERT INTO "change" VALUES (162, 1795026966000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (163, 1795026986000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (164, 1795026986000000, 'message', 6, 10, 31);
INSERT INTO "change" VALUES (165, 1795027006000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (166, 1795027006000000, 'message', 5, 9, 32);
INSERT INTO "change" VALUES (167, 1795027006000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (168, 1795027006000000, 'contact', 9, NULL, NULL);
INSERT INTO "change" VALUES (169, 1795027006000000, 'contact', 9, NULL, NULL);
INSERT INTO "change" VALUES (170, 1795027006000000, 'contact', 10, NULL, NULL);
INSERT INTO "change" VALUES (171, 1795027006000000, 'contact', 10, NULL, NULL);
INSERT INTO "change" VALUES (172, 1795027006000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (173, 1795027006000000, 'contact', 3, NULL, NULL);
INSERT INTO "change" VALUES (174, 1795027006000000, 'contact', 9, NULL, NULL);
INSERT INTO "change" VALUES (175, 1795027066000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (176, 1795027066000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (177, 1795027066000000, 'contact', 2, NULL, NULL);
INSERT INTO "change" VALUES (178, 1795027126000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (179, 1795027126000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (180, 1795027126000000, 'contact', 2, NULL, NULL);
INSERT INTO "change" VALUES (181, 1795027186000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (182, 1795027186000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (183, 1795027186000000, 'contact', 2, NULL, NULL);
INSERT INTO "change" VALUES (184, 1795027246000000, 'contact', 11, NULL, NULL);
INSERT INTO "change" VALUES (185, 1795027246000000, 'contact', 1, NULL, NULL);
INSERT INTO "change" VALUES (186, 1795027246000000, 'contact', 11, NULL, NULL);
INSERT INTO "change" VALUES (187, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (188, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (189, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (190, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (191, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (192, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (193, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (194, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (195, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (196, 1795027246000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (197, 1795027266000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (198, 1795027266000000, 'contact', 12, NULL, NULL);
INSERT INTO "change" VALUES (199, 1795027266000000, 'contact', 12, NULL, NULL);
INSERT INTO "change" VALUES (200, 1795027266000000, 'message', 12, 13, 33);
INSERT INTO "change" VALUES (201, 1795027266000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (202, 1795027266000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (203, 1795028546000000, 'message', 10, 14, 34);
INSERT INTO "change" VALUES (204, 1795028546000000, 'status', 10, 14, 34);
INSERT INTO "change" VALUES (205, 1795028626000000, 'message', 10, 14, 35);
INSERT INTO "change" VALUES (206, 1795028626000000, 'contact', 13, NULL, NULL);
INSERT INTO "change" VALUES (207, 1795028626000000, 'contact', 13, NULL, NULL);
INSERT INTO "change" VALUES (208, 1795028706000000, 'message', 13, 15, 36);
INSERT INTO "change" VALUES (209, 1795028709000000, 'status', 10, 14, 34);
INSERT INTO "change" VALUES (210, 1795028709000000, 'status', 13, 15, 36);
INSERT INTO "change" VALUES (211, 1795028709000000, 'status', 13, 15, 36);
INSERT INTO "change" VALUES (212, 1795028709000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (213, 1795028709000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (214, 1795028729000000, 'inbox', NULL, NULL, NULL);
INSERT INTO "change" VALUES (215, 1795028729000000, 'status', 13, 15, 36);
INSERT INTO "change" VALUES (216, 1795028729000000, 'contact', 13, NULL, NULL);
INSERT INTO "change" VALUES (217, 1795028809000000, 'message', 5, 9, 37);
INSERT INTO "change" VALUES (218, 1795028809000000, 'conversation', 5, 9, NULL);
INSERT INTO "change" VALUES (219, 1795028812000000, 'status', 5, 9, 37);
INSERT INTO "change" VALUES (220, 1795028812000000, 'status', 10, 14, 35);
INSERT INTO "change" VALUES (221, 1795028812000000, 'status', 5, 9, 37);
INSERT INTO "change" VALUES (222, 1795795018700589, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (223, 1795795018708144, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (224, 1795796725450255, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (225, 1795796725463540, 'setting', NULL, NULL, NULL);
INSERT INTO "change" VALUES (226, 1795796725474509, 'setting', NULL, NULL, NULL);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES ('change', 226);
INSERT INTO "sqlite_sequence" VALUES ('contact', 13);
INSERT INTO "sqlite_sequence" VALUES ('merge', 4);
INSERT INTO "sqlite_sequence" VALUES ('note', 1);
INSERT INTO "contact" VALUES (1, 'Amara Okafor', 'Okafor Ltd', '["amara@x.example", "bo@x.example"]', '["vip", "lagos"]', 'collects on Fridays
prefers mornings', 'Sam', 'Africa/Lagos', 1794916800000000, 'amara okafor okafor ltd amara@x.example bo@x.example vip lagos 42 12025550142 2348035550142 9988776655', 1794917220000000, 7, 1794917160000000, 4, 0, 'en', '{"shoe size": "42"}', 1795000000000000);
INSERT INTO "contact" VALUES (3, 'Zoë Müller', 'Bäckerei & Söhne', '["a@b.example", "c@d.example"]', '["vip", "sp\u00e4t"]', 'line
line', 'Kim', 'Europe/Berlin', 1794917280000000, 'zoe muller backerei & sohne a@b.example c@d.example vip spat 4915112345678', 1794918328000000, 23, 1794918082000000, 0, 1, '', '{}', NULL);
INSERT INTO "contact" VALUES (4, '李小龙', 'Bäckerei & Söhne', '["a@b.example", "c@d.example"]', '["vip", "sp\u00e4t"]', 'line
line', 'Kim', 'Europe/Berlin', 1794917300000000, '李小龙 backerei & sohne a@b.example c@d.example vip spat 85291234567', 1794918900000000, 27, 1794917320000000, 0, 1, '', '{}', NULL);
INSERT INTO "contact" VALUES (5, 'Rosa', '', '[]', '[]', '', '', '', 1794917340000000, 'rosa 777', 1795028809000000, 37, 1795027006000000, 0, 0, '', '{}', NULL);
INSERT INTO "contact" VALUES (6, '4455667788', '', '[]', '[]', '', '', '', 1794917380000000, '4455667788', 1795026986000000, 31, 1795026986000000, 2, 0, '', '{}', NULL);
INSERT INTO "contact" VALUES (7, '+44 7700 900115', '', '[]', '[]', '', '', '', 1794917440000000, '+44 7700 900115 447700900115', 1794917440000000, 15, 1794917440000000, 1, 0, '', '{}', NULL);
INSERT INTO "contact" VALUES (8, '889', '', '[]', '[]', '', '', '', 1794917480000000, '889', 1794917480000000, 16, 1794917480000000, 1, 0, '', '{}', NULL);
INSERT INTO "contact" VALUES (10, 'Amara O', 'Elsewhere', '["amara@x.example"]', '[]', '', '', '', 1795027006000000, 'amara o elsewhere amara@x.example 12025550177', 1795028626000000, 35, NULL, 0, 0, '', '{}', NULL);
INSERT INTO "contact" VALUES (11, 'Amara O.', '', '[]', '[]', '', '', '', 1795027246000000, 'amara o. 5123456789', 1794917280000000, 8, 1794917100000000, 0, 0, '', '{}', NULL);
INSERT INTO "contact" VALUES (12, '+1 202 555 0188', '', '[]', '[]', '', '', 'America/New_York', 1795027266000000, '+1 202 555 0188 12025550188', 1795027266000000, 33, 1795027266000000, 1, 0, '', '{}', NULL);
INSERT INTO "contact" VALUES (13, 'Number Gone', '', '[]', '[]', '', '', '', 1795028626000000, 'number gone 12025550199', 1795028706000000, 36, NULL, 0, 1, '', '{}', NULL);
INSERT INTO "inbox" VALUES (1, 'Shop', 'sms', 'twilio', '+12025550101', 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'env:TWILIO_TOKEN', '', '{}', 0, 1794916800000000, 1794916800000000, NULL, 1794918082000000, 1795028709000000, 1795028729000000, 'connect', 1794918331000000, 'twilio');
INSERT INTO "inbox" VALUES (2, 'Shop WhatsApp', 'whatsapp', 'twilio', '+12025550101', 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'env:TWILIO_TOKEN', '', '{}', 0, 1794916800000000, 1794916800000000, NULL, 1794917320000000, 1794918800000000, 1794918820000000, '63112', 1795027246000000, 'twilio');
INSERT INTO "inbox" VALUES (3, 'Shop bot', 'telegram', 'telegram', 'shop_support_bot', '', 'env:TOKEN', '', '{}', 0, 1794916800000000, 1794916800000000, NULL, 1795027006000000, 1794918414000000, 1795027006000000, '401', 1795027246000000, 'telegram');
INSERT INTO "inbox" VALUES (4, 'Shop page', 'messenger', 'meta', '102030405060708', '102030405060708', 'env:TOKEN', '', '{"app_secret": "env:APP_SECRET"}', 1, 1794916800000000, 1794916800000000, NULL, 1795026986000000, 1795026906000000, 1795026986000000, '190', 1795027246000000, 'meta');
INSERT INTO "inbox" VALUES (5, 'Old number', 'sms', 'twilio', '+12025550109', 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'env:TWILIO_TOKEN', 'https://api.example', '{}', 0, 1795027246000000, 1795027246000000, 1795027266000000, 1795027266000000, NULL, 1795027266000000, '', NULL, '');
INSERT INTO "trouble" VALUES (2, 'sending', '63112', 1795027246000000);
INSERT INTO "trouble" VALUES (3, 'hearing', '401', 1795027246000000);
INSERT INTO "trouble" VALUES (4, 'check', '190', 1795027246000000);
INSERT INTO "lease" VALUES ('receive', 'test-host/4711/abcd', 1795027246000000, 1795027276000000, '');
INSERT INTO "lease" VALUES ('poll 3', 'test-host/4711/abcd', 1795027246000000, 1795027276000000, '815');
INSERT INTO "lease" VALUES ('tidy', 'test-host/4711/abcd', 1795027246000000, 1795027276000000, '');
INSERT INTO "setting" VALUES ('public_url', 'https://desk.example');
INSERT INTO "setting" VALUES ('choice:Kim:sms', '1');
INSERT INTO "setting" VALUES ('choice:Kim:telegram', '3');
INSERT INTO "setting" VALUES ('media_key', '80130bacde5ee201428d2687ff833d08dcbd9acecd219db7040cb15a9630e446');
INSERT INTO "setting" VALUES ('choice:Kim:whatsapp', '2');
INSERT INTO "setting" VALUES ('choice:Kim:messenger', '4');
INSERT INTO "identity" VALUES (1, 1, 'sms', '+12025550142', '+12025550142', 0, '', NULL, NULL, '', 0, 0, 1795028809000000);
INSERT INTO "identity" VALUES (2, 1, 'whatsapp', '+12025550142', '+12025550142', 0, '', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (3, 1, 'sms', '+2348035550142', '+2348035550142', 0, '', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (4, 1, 'whatsapp', '+2348035550142', '+2348035550142', 0, '', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (5, 11, 'telegram', '5123456789', '5123456789', 3, 'Amara O.', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (6, 1, 'messenger', '9988776655', '9988776655', 4, '', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (7, 3, 'sms', '+4915112345678', '+4915112345678', 0, 'Zoë Müller', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (8, 4, 'whatsapp', '+85291234567', '+85291234567', 0, '李小龙', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (9, 5, 'telegram', '777', '777', 3, 'Rosa', NULL, NULL, '', 0, NULL, NULL);
INSERT INTO "identity" VALUES (10, 6, 'messenger', '4455667788', '4455667788', 4, '', NULL, NULL, '', 1, 1795030846000000, NULL);
INSERT INTO "identity" VALUES (11, 7, 'sms', '+447700900115', '+447700900115', 0, '', 1794917440000000, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (12, 8, 'telegram', '889', '889', 3, '', NULL, 1794917502000000, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (13, 3, 'whatsapp', '+4915112345678', '+4915112345678', 0, '', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (14, 10, 'sms', '+12025550177', '+12025550177', 0, '', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (15, 12, 'sms', '+12025550188', '+12025550188', 0, '', NULL, NULL, '', 0, 0, NULL);
INSERT INTO "identity" VALUES (16, 13, 'sms', '+12025550199', '+12025550199', 0, '', NULL, NULL, '30005', 0, 0, NULL);
INSERT INTO "likeness" VALUES ('mail:amara@x.example', 1);
INSERT INTO "likeness" VALUES ('tel:12025550142', 1);
INSERT INTO "likeness" VALUES ('mail:a@b.example', 3);
INSERT INTO "likeness" VALUES ('mail:c@d.example', 3);
INSERT INTO "likeness" VALUES ('tel:4915112345678', 3);
INSERT INTO "likeness" VALUES ('mail:a@b.example', 4);
INSERT INTO "likeness" VALUES ('mail:c@d.example', 4);
INSERT INTO "likeness" VALUES ('tel:85291234567', 4);
INSERT INTO "likeness" VALUES ('tel:447700900115', 7);
INSERT INTO "likeness" VALUES ('mail:amara@x.example', 10);
INSERT INTO "likeness" VALUES ('tel:12025550177', 10);
INSERT INTO "likeness" VALUES ('mail:bo@x.example', 1);
INSERT INTO "likeness" VALUES ('tel:2348035550142', 1);
INSERT INTO "likeness" VALUES ('tel:12025550188', 12);
INSERT INTO "likeness" VALUES ('tel:12025550199', 13);
INSERT INTO "dismissal" VALUES (1, 11, 'Lee', 1795027246000000);
INSERT INTO "dismissal" VALUES (1, 10, 'Kim', 1795027246000000);
INSERT INTO "merge" VALUES (1, 'merge', 1795027006000000, 'Kim', 3, 9, '{"name": "Zo\u00eb M\u00fcller", "company": "B\u00e4ckerei & S\u00f6hne", "emails": ["a@b.example", "c@d.example"], "tags": ["vip", "sp\u00e4t"], "note": "line\nline", "owner": "Kim", "time_zone": "Europe/Berlin"}', '{"name": "Zo\u00eb M\u00fcller", "company": "B\u00e4ckerei & S\u00f6hne", "emails": ["a@b.example", "c@d.example"], "tags": ["vip", "sp\u00e4t"], "note": "line\nline", "owner": "Kim", "time_zone": "Europe/Berlin"}', '{"id": 9, "name": "Zoe M.", "company": "", "emails": ["a@b.example"], "tags": [], "note": "", "owner": "", "time_zone": "", "created_at": 1795027006000000, "search_text": "zoe m. a@b.example 4915112345678", "activity_at": 0, "last_message_id": null, "last_inbound_at": null, "unread": 0, "failing": false}', '[13]', '[7]', '[]', 0, 0, NULL, '');
INSERT INTO "merge" VALUES (2, 'merge', 1795027066000000, 'Kim', 1, 2, '{"name": "Amara Okafor", "company": "Okafor Ltd", "emails": ["amara@x.example"], "tags": ["vip"], "note": "collects on Fridays", "owner": "", "time_zone": ""}', '{"name": "Amara Okafor", "company": "Okafor Ltd", "emails": ["amara@x.example", "bo@x.example"], "tags": ["vip", "lagos"], "note": "collects on Fridays\nprefers mornings", "owner": "Sam", "time_zone": "Africa/Lagos"}', '{"id": 2, "name": "A. Okafor", "company": "", "emails": ["Amara@X.example", "bo@x.example"], "tags": ["VIP", "lagos"], "note": "prefers mornings", "owner": "Sam", "time_zone": "Africa/Lagos", "created_at": 1794916800000000, "search_text": "a. okafor amara@x.example bo@x.example vip lagos amara o. 2348035550142 5123456789 9988776655", "activity_at": 1794917280000000, "last_message_id": 8, "last_inbound_at": 1794917160000000, "unread": 3, "failing": false}', '[3, 4, 5, 6]', '[1, 2]', '[]', 4, 5, 1795027126000000, 'Lee');
INSERT INTO "merge" VALUES (3, 'merge', 1795027186000000, 'Kim', 1, 2, '{"name": "Amara Okafor", "company": "Okafor Ltd", "emails": ["amara@x.example"], "tags": ["vip"], "note": "collects on Fridays", "owner": "", "time_zone": ""}', '{"name": "Amara Okafor", "company": "Okafor Ltd", "emails": ["amara@x.example", "bo@x.example"], "tags": ["vip", "lagos"], "note": "collects on Fridays\nprefers mornings", "owner": "Sam", "time_zone": "Africa/Lagos"}', '{"id": 2, "name": "A. Okafor", "company": "", "emails": ["Amara@X.example", "bo@x.example"], "tags": ["VIP", "lagos"], "note": "prefers mornings", "owner": "Sam", "time_zone": "Africa/Lagos", "created_at": 1794916800000000, "search_text": "a. okafor amara@x.example bo@x.example vip lagos amara o. 2348035550142 5123456789 9988776655", "activity_at": 1794917280000000, "last_message_id": 8, "last_inbound_at": 1794917160000000, "unread": 3, "failing": false}', '[3, 4, 5, 6]', '[1, 2]', '[]', 4, 5, NULL, '');
INSERT INTO "merge" VALUES (4, 'split', 1795027246000000, 'Lee', 1, 11, '{"name": "Amara Okafor", "company": "Okafor Ltd", "emails": ["amara@x.example", "bo@x.example"], "tags": ["vip", "lagos"], "note": "collects on Fridays\nprefers mornings", "owner": "Sam", "time_zone": "Africa/Lagos"}', '{"name": "Amara Okafor", "company": "Okafor Ltd", "emails": ["amara@x.example", "bo@x.example"], "tags": ["vip", "lagos"], "note": "collects on Fridays\nprefers mornings", "owner": "Sam", "time_zone": "Africa/Lagos"}', '{"id": 11, "name": "Amara O.", "company": "", "emails": [], "tags": [], "note": "", "owner": "", "time_zone": "", "created_at": 1795027246000000, "search_text": "amara o. 5123456789", "activity_at": 1794917280000000, "last_message_id": 8, "last_inbound_at": 1794917100000000, "unread": 0, "failing": false}', '[5]', '[1, 2, 3, 4, 6]', '[11]', 1, 2, NULL, '');
INSERT INTO "template" VALUES (1, 2, 'HX11111111111111111111111111111111', 'order_ready', 'en', 'utility', 'approved', '', 'whatsapp/card', 'Order {{2}}', 'Hi {{1}}, order {{2}} is ready.', 'The shop', '["https://shop.example/{{2}}.jpg"]', '[{"kind": "url", "title": "Track", "value": "https://shop.example/{{2}}"}]', '{"1": "Sam", "2": "4711"}', 1794918797000000);
INSERT INTO "template" VALUES (2, 2, 'HX22222222222222222222222222222222', 'spring_sale', 'en', 'utility', 'rejected', 'too salesy', 'whatsapp/card', 'Order {{2}}', 'Hi {{1}}, order {{2}} is ready.', 'The shop', '["https://shop.example/{{2}}.jpg"]', '[{"kind": "url", "title": "Track", "value": "https://shop.example/{{2}}"}]', '{"1": "Sam", "2": "4711"}', 1794918797000000);
INSERT INTO "conversation" VALUES (1, 1, 1, 1, 1794916860000000, NULL, NULL, 1794917220000000, 0, 1794917220000000, NULL, NULL);
INSERT INTO "conversation" VALUES (2, 2, 2, 1, 1794916920000000, NULL, 1795003200000000, 1794916920000000, 1, NULL, NULL, NULL);
INSERT INTO "conversation" VALUES (3, 3, 1, 1, 1794916980000000, NULL, NULL, 1794916980000000, 1, NULL, NULL, NULL);
INSERT INTO "conversation" VALUES (4, 4, 2, 1, 1794917040000000, NULL, 1795003320000000, 1794917040000000, 1, NULL, NULL, NULL);
INSERT INTO "conversation" VALUES (5, 5, 3, 11, 1794917100000000, NULL, NULL, 1794917280000000, 0, 1794917280000000, NULL, NULL);
INSERT INTO "conversation" VALUES (6, 6, 4, 1, 1794917160000000, NULL, 1795003440000000, 1794917160000000, 1, NULL, NULL, NULL);
INSERT INTO "conversation" VALUES (7, 7, 1, 3, 1794918082000000, NULL, NULL, 1794918328000000, 0, 1794918162000000, NULL, NULL);
INSERT INTO "conversation" VALUES (8, 8, 2, 4, 1794917320000000, 1794918903000000, 1794918903000000, 1794918900000000, 0, 1794918797000000, NULL, NULL);
INSERT INTO "conversation" VALUES (9, 9, 3, 5, 1795027006000000, NULL, NULL, 1795028809000000, 0, 1795028809000000, NULL, NULL);
INSERT INTO "conversation" VALUES (10, 10, 4, 6, 1795026986000000, NULL, 1795113266000000, 1795026986000000, 2, 1795026903000000, 1795026946000000, 1795026946000000);
INSERT INTO "conversation" VALUES (11, 11, 1, 7, 1794917440000000, NULL, NULL, 1794917440000000, 1, NULL, NULL, NULL);
INSERT INTO "conversation" VALUES (12, 12, 3, 8, 1794917480000000, NULL, NULL, 1794917480000000, 1, NULL, NULL, NULL);
INSERT INTO "conversation" VALUES (13, 15, 5, 12, 1795027266000000, NULL, NULL, 1795027266000000, 1, NULL, NULL, NULL);
INSERT INTO "conversation" VALUES (14, 14, 1, 10, NULL, NULL, NULL, 1795028626000000, 0, NULL, NULL, NULL);
INSERT INTO "conversation" VALUES (15, 16, 1, 13, NULL, NULL, NULL, 1795028706000000, 0, NULL, NULL, NULL);
INSERT INTO "draft" VALUES (2, 2, 'draft to amara', '', 1794917280000000, 8);
INSERT INTO "draft" VALUES (4, 2, 'draft to bo', '', 1794917280000000, 8);
INSERT INTO "draft" VALUES (6, 4, 'draft to the page', '', 1794917280000000, 8);
INSERT INTO "draft" VALUES (9, 3, '', '/home/kim/receipt.pdf', 1795028809000000, 37);
INSERT INTO "message" VALUES (1, '01a21b0e-0b8d-74b7-a378-afeb81022ad3', 1, 1, 1, 'in', 'amara by text', '[]', NULL, '', '', '', 'SM00000000000000000000000000000001', 1794916860000000, 1794916860000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (2, '01a21b0e-0b8e-72da-a6b3-e6d2a0844663', 2, 1, 2, 'in', 'amara on whatsapp', '[]', NULL, '', '', '', 'SM00000000000000000000000000000002', 1794916920000000, 1794916920000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (3, '01a21b0e-0b8f-7583-9f09-59e4d874fdbd', 3, 1, 1, 'in', 'bo by text', '[]', NULL, '', '', '', 'SM00000000000000000000000000000003', 1794916980000000, 1794916980000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (4, '01a21b0e-0b90-7056-a4b5-a554cc3f7861', 4, 1, 2, 'in', 'bo on whatsapp', '[]', NULL, '', '', '', 'SM00000000000000000000000000000004', 1794917040000000, 1794917040000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (5, '01a21b0e-0b91-73f8-bef7-5c368e1b95b8', 5, 11, 3, 'in', 'bo in the bot', '[]', NULL, '', '', '', 'SM00000000000000000000000000000005', 1794917100000000, 1794917100000000, NULL, NULL, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (6, '01a21b0e-0b94-7459-9a4e-09e799f9ece9', 6, 1, 4, 'in', 'bo on the page', '[]', NULL, '', '', '', 'SM00000000000000000000000000000006', 1794917160000000, 1794917160000000, NULL, NULL, 0, NULL, 'meta');
INSERT INTO "message" VALUES (7, '01a21b0e-0b97-725b-b269-fc2e6becef66', 1, 1, 1, 'out', 'answered to amara', '[]', NULL, 'Kim', 'sent', '', 'first-7', 1794917220000000, 1794917220000000, 1794917500000000, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (8, '01a21b0e-0b9c-738c-b094-e3b2ef01203a', 5, 11, 3, 'out', 'waits for bo', '[]', NULL, 'Kim', 'sent', '', 'first-8', 1794917280000000, 1794917280000000, 1794917505000000, NULL, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (9, '01a21b0e-0baa-765d-b5c7-fc392448b22b', 7, 3, 1, 'in', 'Grüße von Zoë Müller', '[]', NULL, '', '', '', 'sms-1', 1794917300000000, 1794917300000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (10, '01a21b0e-0bb0-73d6-b657-a841f990e908', 8, 4, 2, 'in', 'Grüße von 李小龙', '[]', NULL, '', '', '', 'whatsapp-2', 1794917320000000, 1794917320000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (11, '01a21b0e-0bb3-7644-85fd-d22a214121ec', 9, 5, 3, 'in', 'hola', '[]', NULL, '', '', '', 'telegram-3', 1794917340000000, 1794917340000000, NULL, NULL, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (12, '01a21b0e-0bb4-7670-bbfb-09db35de1af0', 9, 5, 3, 'in', 'a photo', '[{"url": "telegram:AgACAgIA", "content_type": "image/jpeg", "name": "photo.jpg", "size": 120000}]', NULL, '', '', '', 'telegram-4', 1794917360000000, 1794917360000000, NULL, NULL, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (13, '01a21b0e-0bb7-7510-8859-02541d143ceb', 10, 6, 4, 'in', 'https://x.example [b]', '[]', NULL, '', '', '', 'messenger-5', 1794917380000000, 1794917380000000, NULL, NULL, 0, NULL, 'meta');
INSERT INTO "message" VALUES (14, '01a21b0e-0bb9-75ab-a601-8d71cb2bde80', 9, 5, 3, 'in', 'as it was changed', '[]', NULL, '', '', '', 'early', 1794917395000000, 1794917400000000, NULL, 1794917400000000, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (15, '01a21b0e-0be6-7348-b0ed-c8a78204e0e7', 11, 7, 1, 'in', 'STOP', '[]', NULL, '', '', '', 'sms-7', 1794917440000000, 1794917440000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (16, '01a21b0e-0bea-73e6-9f7d-cf5d245c8f89', 12, 8, 3, 'in', 'bye', '[]', NULL, '', '', '', 'telegram-8', 1794917480000000, 1794917480000000, NULL, NULL, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (17, '01a21b0e-0bf3-7798-b619-9627f07bee60', 7, 3, 1, 'out', 'goes out and is read', '[]', NULL, 'Kim', 'read', '', 'SMread', 1794917710000000, 1794917710000000, 1794917753000000, NULL, 0, 1794917733000000, 'twilio');
INSERT INTO "message" VALUES (18, '01a21b0e-0bf9-7234-ac19-0a27d753b1f2', 7, 3, 1, 'out', 'is delivered', '[]', NULL, 'Kim', 'delivered', '', 'SMdeliv', 1794917833000000, 1794917833000000, 1794917856000000, NULL, 0, 1794917856000000, 'twilio');
INSERT INTO "message" VALUES (19, '01a21b0e-0bfd-7007-946f-fbd01345d604', 7, 3, 1, 'out', 'fails, is tried again, and fails', '[]', NULL, 'Kim', 'failed', '21610', '', 1794917936000000, 1794917936000000, 1794918062000000, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (20, '01a21b0e-0c09-7616-bf4d-76adffcc89fd', 7, 3, 1, 'in', 'start', '[]', NULL, '', '', '', 'sms-9', 1794918082000000, 1794918082000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (21, '01a21b0e-0c0a-7268-9575-12a94f3108b6', 7, 3, 1, 'out', 'a doubt to be settled', '[]', NULL, 'Kim', 'unknown', 'timeout', '', 1794918162000000, 1794918162000000, 1794918165000000, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (22, '01a21b0e-0c0f-7725-a3ab-258ef62adc44', 7, 3, 1, 'out', 'a doubt that an agent settled', '[]', NULL, 'Kim', 'sent', '', '', 1794918245000000, 1794918245000000, 1794918248000000, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (23, '01a21b0e-0c14-71b0-a188-5a7034a6eafe', 7, 3, 1, 'out', 'not sent yet', '[]', NULL, 'Kim', 'unknown', 'interrupted', '', 1794918328000000, 1794918328000000, 1794918797000000, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (24, '01a21b0e-0c1a-731f-b501-c78d88939ff8', 9, 5, 3, 'out', 'Your invoice', '[{"url": "attachment:ef4845ea56e6fb78117b5d02d2bc4a476ed66628a8130e222e51c5c3c0681eb1", "content_type": "application/pdf", "name": "invoice.pdf", "size": 400}]', NULL, 'Kim', 'sent', '', 'tg-42', 1794918411000000, 1794918411000000, 1794918414000000, NULL, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (25, '01a21b0e-0c20-7213-a9c0-b8b6c6ffeb2a', 9, 5, 3, 'out', 'blocked by now', '[]', NULL, 'Kim', 'failed', '403', '', 1794918794000000, 1794918794000000, 1794918797000000, NULL, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (26, '01a21b0e-0c2d-77ce-b794-52d98c61b4d7', 8, 4, 2, 'out', 'Order 4711
Hi O''Brien <3, order 4711 is ready.
The shop', '[]', '{"sid": "HX11111111111111111111111111111111", "name": "order_ready", "language": "en", "variables": {"1": "O''Brien <3", "2": "4711"}}', 'Kim', 'read', '', 'WAt1', 1794918797000000, 1794918797000000, 1794918820000000, NULL, 0, 1794918820000000, 'twilio');
INSERT INTO "message" VALUES (27, '01a21b0e-0c32-70b1-9586-b0e93968e8cb', 8, 4, 2, 'out', 'outside of the window', '[]', NULL, 'Kim', 'failed', '63016', '', 1794918900000000, 1794918900000000, 1794918903000000, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (28, '01a21b0e-0c3e-7660-989d-fa00e243e455', 10, 6, 4, 'out', 'under the tag', '[]', NULL, 'Kim', 'sent', '', 'm_tag', 1795026903000000, 1795026903000000, 1795026906000000, NULL, 1, NULL, 'meta');
INSERT INTO "message" VALUES (29, '01a21b0e-0c41-7446-af45-af12414547cf', 10, 6, 4, 'out', 'from the page''s own inbox', '[]', NULL, '', 'read', '', 'm_echo', 1795026926000000, 1795026926000000, 1795026946000000, NULL, 0, 1795026926000000, 'meta');
INSERT INTO "message" VALUES (30, '01a21b0e-0c45-7259-bc88-b6beddf9b25d', 10, 6, 4, 'in', 'one more, unread', '[]', NULL, '', '', '', 'messenger-10', 1795026966000000, 1795026966000000, NULL, NULL, 0, NULL, 'meta');
INSERT INTO "message" VALUES (31, '01a21b0e-0c46-7182-a4d1-de57c552ff8e', 10, 6, 4, 'in', 'and another', '[]', NULL, '', '', '', 'messenger-11', 1795026986000000, 1795026986000000, NULL, NULL, 0, NULL, 'meta');
INSERT INTO "message" VALUES (32, '01a21b0e-0c49-72fa-a252-66564f1ef5ad', 9, 5, 3, 'in', 'unread again', '[]', NULL, '', '', '', 'telegram-12', 1795027006000000, 1795027006000000, NULL, NULL, 0, NULL, 'telegram');
INSERT INTO "message" VALUES (33, '01a21b0e-0ca8-725d-904a-ed21e8c1f4e1', 13, 12, 5, 'in', 'to the old number', '[]', NULL, '', '', '', 'sms-13', 1795027266000000, 1795027266000000, NULL, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (34, '01a21b0e-0cac-7520-8181-ee4b2775b0a3', 14, 10, 1, 'out', 'under way', '[]', NULL, 'Kim', 'unknown', 'interrupted', '', 1795028546000000, 1795028546000000, 1795028709000000, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (35, '01a21b0e-0caf-7695-b7ef-2f00d3542a64', 14, 10, 1, 'out', 'waits', '[]', NULL, 'Kim', 'sending', '', '', 1795028626000000, 1795028626000000, 1795028812000000, NULL, 0, NULL, 'twilio');
INSERT INTO "message" VALUES (36, '01a21b0e-0cb3-73cb-b231-af3949d8e97a', 15, 13, 1, 'out', 'to a number that is none', '[]', NULL, 'Kim', 'failed', '30005', 'SMgone', 1795028706000000, 1795028706000000, 1795028729000000, NULL, 0, 1795028729000000, 'twilio');
INSERT INTO "message" VALUES (37, '01a21b0e-0cb9-72e5-b2e9-0311dcff89e5', 9, 5, 3, 'out', 'to be tried again', '[]', NULL, 'Kim', 'queued', 'connect', '', 1795028809000000, 1795028809000000, 1795028812000000, NULL, 0, NULL, 'telegram');
INSERT INTO "attempt" VALUES (1, 7, 1, 1794917500000000, 1794917500000000, 'accepted', '', '', 'first-7', 'twilio');
INSERT INTO "attempt" VALUES (2, 8, 1, 1794917500000000, 1794917505000000, 'accepted', '', '', 'first-8', 'telegram');
INSERT INTO "attempt" VALUES (3, 17, 1, 1794917713000000, 1794917713000000, 'accepted', '', '', 'SMread', 'twilio');
INSERT INTO "attempt" VALUES (4, 18, 1, 1794917836000000, 1794917836000000, 'accepted', '', '', 'SMdeliv', 'twilio');
INSERT INTO "attempt" VALUES (5, 19, 1, 1794917939000000, 1794917939000000, 'refused', '30005', 'Unknown destination handset', '', 'twilio');
INSERT INTO "attempt" VALUES (6, 19, 2, 1794918062000000, 1794918062000000, 'refused', '21610', 'Attempt to send to unsubscribed recipient', '', 'twilio');
INSERT INTO "attempt" VALUES (7, 21, 1, 1794918165000000, 1794918165000000, 'unknown', 'timeout', 'no answer within 20 s', '', 'twilio');
INSERT INTO "attempt" VALUES (8, 22, 1, 1794918248000000, 1794918248000000, 'unknown', 'timeout', 'no answer within 20 s', '', 'twilio');
INSERT INTO "attempt" VALUES (9, 23, 1, 1794918331000000, 1794918331000000, 'not_sent', 'connect', 'connection refused', '', 'twilio');
INSERT INTO "attempt" VALUES (10, 24, 1, 1794918414000000, 1794918414000000, 'accepted', '', '', 'tg-42', 'telegram');
INSERT INTO "attempt" VALUES (11, 23, 2, 1794918414000000, 1794918797000000, 'unknown', 'interrupted', 'the program ended before the provider''s answer was stored', '', 'twilio');
INSERT INTO "attempt" VALUES (12, 25, 1, 1794918797000000, 1794918797000000, 'refused', '403', 'bot was blocked by the user', '', 'telegram');
INSERT INTO "attempt" VALUES (13, 26, 1, 1794918800000000, 1794918800000000, 'accepted', '', '', 'WAt1', 'twilio');
INSERT INTO "attempt" VALUES (14, 27, 1, 1794918903000000, 1794918903000000, 'refused', '63016', 'outside the allowed window', '', 'twilio');
INSERT INTO "attempt" VALUES (15, 28, 1, 1795026906000000, 1795026906000000, 'accepted', '', '', 'm_tag', 'meta');
INSERT INTO "attempt" VALUES (16, 34, 1, 1795028546000000, 1795028709000000, 'unknown', 'interrupted', 'the program ended before the provider''s answer was stored', '', 'twilio');
INSERT INTO "attempt" VALUES (17, 36, 1, 1795028709000000, 1795028709000000, 'accepted', '', '', 'SMgone', 'twilio');
INSERT INTO "attempt" VALUES (18, 37, 1, 1795028812000000, 1795028812000000, 'not_sent', 'connect', 'connection refused', '', 'telegram');
INSERT INTO "attempt" VALUES (19, 35, 1, 1795028812000000, NULL, 'sending', '', '', '', 'twilio');
INSERT INTO "outbox" VALUES (21, 7, 1, 'settle', 0, 1794918168000000, 'test-host/4711/abcd', 1795028824000000);
INSERT INTO "outbox" VALUES (23, 7, 1, 'settle', 0, 1794918800000000, 'test-host/4711/abcd', 1795028824000000);
INSERT INTO "outbox" VALUES (34, 14, 1, 'settle', 0, 1795028712000000, 'test-host/4711/abcd', 1795028824000000);
INSERT INTO "outbox" VALUES (35, 14, 1, 'send', 0, 1795028626000000, 'test-host/4711/abcd', 1795028824000000);
INSERT INTO "outbox" VALUES (37, 9, 3, 'send', 1, 1795028992000000, '', NULL);
INSERT INTO "pace" VALUES (1, 0, 1795028811934780);
INSERT INTO "pace" VALUES (3, 0, 1795028811727270);
INSERT INTO "pace" VALUES (2, 0, 1794918902916666);
INSERT INTO "pace" VALUES (4, 0, 1795026905812500);
INSERT INTO "pace" VALUES (3, 9, 1795028821000000);
INSERT INTO "provider_event" VALUES (1, 1, 'SM00000000000000000000000000000001', 'SM00000000000000000000000000000001', 1, 'received', '', '', '', NULL, 1794916860000000, '{"Body": "amara by text"}');
INSERT INTO "provider_event" VALUES (2, 2, 'SM00000000000000000000000000000002', 'SM00000000000000000000000000000002', 2, 'received', '', '', '', NULL, 1794916920000000, '{"Body": "amara on whatsapp"}');
INSERT INTO "provider_event" VALUES (3, 1, 'SM00000000000000000000000000000003', 'SM00000000000000000000000000000003', 3, 'received', '', '', '', NULL, 1794916980000000, '{"Body": "bo by text"}');
INSERT INTO "provider_event" VALUES (4, 2, 'SM00000000000000000000000000000004', 'SM00000000000000000000000000000004', 4, 'received', '', '', '', NULL, 1794917040000000, '{"Body": "bo on whatsapp"}');
INSERT INTO "provider_event" VALUES (5, 3, 'SM00000000000000000000000000000005', 'SM00000000000000000000000000000005', 5, 'received', '', '', '', NULL, 1794917100000000, '{"Body": "bo in the bot"}');
INSERT INTO "provider_event" VALUES (6, 4, 'SM00000000000000000000000000000006', 'SM00000000000000000000000000000006', 6, 'received', '', '', '', NULL, 1794917160000000, '{"Body": "bo on the page"}');
INSERT INTO "provider_event" VALUES (7, 1, 'in:sms-1', 'sms-1', 9, 'received', '', '', '', NULL, 1794917300000000, '{"id": "sms-1", "text": "Gr\u00fc\u00dfe von Zo\u00eb M\u00fcller", "from": "+4915112345678"}');
INSERT INTO "provider_event" VALUES (8, 2, 'in:whatsapp-2', 'whatsapp-2', 10, 'received', '', '', '', NULL, 1794917320000000, '{"id": "whatsapp-2", "text": "Gr\u00fc\u00dfe von \u674e\u5c0f\u9f99", "from": "+85291234567"}');
INSERT INTO "provider_event" VALUES (9, 3, 'in:telegram-3', 'telegram-3', 11, 'received', '', '', '', NULL, 1794917340000000, '{"id": "telegram-3", "text": "hola", "from": "777"}');
INSERT INTO "provider_event" VALUES (10, 3, 'in:telegram-4', 'telegram-4', 12, 'received', '', '', '', NULL, 1794917360000000, '{"id": "telegram-4", "text": "a photo", "from": "777"}');
INSERT INTO "provider_event" VALUES (11, 4, 'in:messenger-5', 'messenger-5', 13, 'received', '', '', '', NULL, 1794917380000000, '{"id": "messenger-5", "text": "https://x.example [b]", "from": "4455667788"}');
INSERT INTO "provider_event" VALUES (12, 3, 'edit:early', 'early', 14, 'edited', '', '', 'as it was changed', NULL, 1794917400000000, '{"edit": 1}');
INSERT INTO "provider_event" VALUES (13, 3, 'in:early', 'early', 14, 'received', '', '', '', NULL, 1794917395000000, '{"id": "early", "text": "as it was", "from": "777"}');
INSERT INTO "provider_event" VALUES (14, 3, 'edit:parked', 'never came', NULL, 'edited', '', '', 'x', '[{"url": "telegram:f", "content_type": "image/png", "name": "x.png", "size": 9}]', 1794917420000000, '{"edit": 2}');
INSERT INTO "provider_event" VALUES (15, 1, 'in:sms-7', 'sms-7', 15, 'received', '', '', '', NULL, 1794917440000000, '{"id": "sms-7", "text": "STOP", "from": "+447700900115"}');
INSERT INTO "provider_event" VALUES (16, 3, 'block:1', '888', NULL, 'blocked', '', '', '', NULL, 1794917460000000, '{"blocked": true}');
INSERT INTO "provider_event" VALUES (17, 3, 'in:telegram-8', 'telegram-8', 16, 'received', '', '', '', NULL, 1794917480000000, '{"id": "telegram-8", "text": "bye", "from": "889"}');
INSERT INTO "provider_event" VALUES (18, 3, 'block:2', '889', NULL, 'blocked', '', '', '', NULL, 1794917502000000, '{"blocked": true}');
INSERT INTO "provider_event" VALUES (19, 1, 'SMread:delivered', 'SMread', 17, 'delivered', 'delivered', '', '', NULL, 1794917733000000, '{"MessageSid": "SMread", "MessageStatus": "delivered"}');
INSERT INTO "provider_event" VALUES (20, 1, 'SMread:read', 'SMread', 17, 'read', 'read', '', '', NULL, 1794917753000000, '{"MessageSid": "SMread", "MessageStatus": "read"}');
INSERT INTO "provider_event" VALUES (21, 1, 'SMdeliv:delivered', 'SMdeliv', 18, 'delivered', 'delivered', '', '', NULL, 1794917856000000, '{"MessageSid": "SMdeliv", "MessageStatus": "delivered"}');
INSERT INTO "provider_event" VALUES (22, 1, 'in:sms-9', 'sms-9', 20, 'received', '', '', '', NULL, 1794918082000000, '{"id": "sms-9", "text": "start", "from": "+4915112345678"}');
INSERT INTO "provider_event" VALUES (23, 1, 'arrived:01a21b0e-0c0f-7725-a3ab-258ef62adc44.1', '', 22, 'arrived', 'sent', '', 'said by Kim', NULL, 1794918248000000, '{}');
INSERT INTO "provider_event" VALUES (24, 1, 'SMnobody:sent', 'SMnobody', NULL, 'sent', 'sent', '', '', NULL, 1794918351000000, '{"MessageSid": "SMnobody"}');
INSERT INTO "provider_event" VALUES (25, 2, 'WAt1:read', 'WAt1', 26, 'read', 'read', '', '', NULL, 1794918820000000, '{"MessageSid": "WAt1", "MessageStatus": "read"}');
INSERT INTO "provider_event" VALUES (26, 4, 'echo:1', 'm_echo', 29, 'echo', '', '', '', NULL, 1795026926000000, '{"is_echo": true}');
INSERT INTO "provider_event" VALUES (27, 4, 'read:1', '', NULL, 'read', '', '', '', NULL, 1795026946000000, '{"watermark": 1}');
INSERT INTO "provider_event" VALUES (28, 4, 'delivered:1', '', NULL, 'delivered', '', '', '', NULL, 1795026946000000, '{"watermark": 2}');
INSERT INTO "provider_event" VALUES (29, 4, 'read:9', 'nobody yet', NULL, 'read', '', '', '', NULL, 1795026946000000, '{"watermark": 3}');
INSERT INTO "provider_event" VALUES (30, 4, 'in:messenger-10', 'messenger-10', 30, 'received', '', '', '', NULL, 1795026966000000, '{"id": "messenger-10", "text": "one more, unread", "from": "4455667788"}');
INSERT INTO "provider_event" VALUES (31, 4, 'in:messenger-11', 'messenger-11', 31, 'received', '', '', '', NULL, 1795026986000000, '{"id": "messenger-11", "text": "and another", "from": "4455667788"}');
INSERT INTO "provider_event" VALUES (32, 3, 'in:telegram-12', 'telegram-12', 32, 'received', '', '', '', NULL, 1795027006000000, '{"id": "telegram-12", "text": "unread again", "from": "777"}');
INSERT INTO "provider_event" VALUES (33, 5, 'in:sms-13', 'sms-13', 33, 'received', '', '', '', NULL, 1795027266000000, '{"id": "sms-13", "text": "to the old number", "from": "+12025550188"}');
INSERT INTO "provider_event" VALUES (34, 1, 'SMgone:undelivered', 'SMgone', 36, 'undelivered', 'failed', '30005', 'Unknown destination handset', NULL, 1795028729000000, '{"MessageSid": "SMgone", "MessageStatus": "undelivered"}');
DELETE FROM "contact_search_data";
INSERT INTO "contact_search_data" VALUES (1, X'0B827E');
INSERT INTO "contact_search_data" VALUES (10, X'0000000002052300051001010101010201010301010401010000');
INSERT INTO "contact_search_data" VALUES (137438953473, X'0000009F04302030310C030C020231320C0211020232300C0304020235350C030801032B31200C030201033031380C050D0E020232200C03060301350C021401033120320C0303020232300C0212020238380C050E0E01033220350C0307020230320C050510020235350C021501033520300C030B020230310C0218020235200C030A0301300C02170301350C05090F01033820310C0210020238200C020F040807070708090706080708080807080707060708');
INSERT INTO "contact_search_data" VALUES (274877906945, X'0000004C043020676F0D020801036265720D020501036572200D02060103676F6E0D020901036D62650D020401036E756D0D020201036F6E650D020A01037220670D02070103756D620D0203040808080808080808');
INSERT INTO "contact_search_data" VALUES (412316860417, X'000000A304302031320D020D0202676F0D030801033031390D0215020232350D021001033132300D020E020239390D021601033230320D020F020235350D021101033530310D0214020235300D02130301350D021201036265720D030501036520310D020C020272200D03060103676F6E0D030901036D62650D030401036E65200D020B0202756D0D030201036F6E650D030A01037220670D03070103756D620D0303040807080708070807080706080807080808070808');
INSERT INTO "contact_search_data" VALUES (549755813889, X'0000024504302031320103430202323301034F020234320102400202393901035D0202616D0103190202626F01032902026C6101033A03017401031502026F6B010507090202766901033601032E65780105210F010330313401054B10020232350103460202333501035401033132300103440202343201054C10010332203101024203013201034E03013901035C02023032010345020233340103500202353501034701033334380103510202353501035501033432200107410E1002023830010352010335303101054A1002023530010549100301350105481001033635350103650202363501036401033736360103630202373601036201033830330103530202373701036102023837010360010339383801035F0202393801035E010340782E01051F0F010361206F0103060202407801031E0202666F01050A090202676F01033C02026D610105021A0301700105240F020272610105041A0103626F4001032A01036420610103180103652062010328030176010335020278610105220F0103666F7201050B090103676F7301033D010369702001033801036B61660105090901036C616701033B020265200105270F0202746401031601036D61720105031A0202706C0105250F01036F407801032B02026B61010508090202722001050C090202732001033E010370206C01033902026C650105260F010372206C01031403016F01030D0202612001030503014001031D0103732031010103013401023F010374642001031701037669700103370103782E650105200F0202616D0105230F040807070707070706080709090707080808060607070708070A0709080708070807080707080709080708070807080808080608090808090808070908080808070808080607060706080809');
INSERT INTO "contact_search_data" VALUES (2199023255553, X'000006CD043020262003021501020E020230310C020C02023132010240090223020232300C020403013301024C0202343407021103013903023E020235310B020A0301350C020802023737050206020205020238350402370202393007020A03013901025A0202614003021D01021603016D0102190902130202626103020C01020503016F010229020263400302290102220202656C0A020902026C6101023A03017401021502026D7503020502026F200A020703012E0B020703016B010407090202736F0302170102100301700302390102320202766901023602023501022E010326207303021601020F01032B31200C02020202343407020201032E20350B0209020265780104210F0204210E01041A0E06021B01033020390702090202302007020803013107040C0F0301390702160202313107040D0F030134010448100301370A022B0301380C020D020232200C0206030135010243090226020233350102510202393007021701033120320C02030202313203024303013507040E0F0202323001024109022403013303024401023C07020C02023432010449100202352007020F030131030241020237370A022C020238380C020E010332203201024B0301350C0207030139010259020230320102420902250202050202333401024D02024501023D07020D020235350102440902270202393104023A010333343503024601023E07020E03013801024E0202353501025201033420370702040202322001044A10020234200702030301350602020301370702120202353506020303013603024701023F07020F020237370702130202383001024F0202393103023F01033520300C020B030134070210020230310104471009022A020231310302420301320B020B02023239040239020235200C020A0301300104461009022903013501044510090228020209030136060204020236360602050301370302480102400702100103363535010262020236350102610301370602060202373706020703013803024908021101033730300704071002023636010260020237300704061003013601025F030137050207030138060208020238380602090301390B02120103383033010250020235320402380202373701025E0202383701025D030139080202010339303007040B0F0202313204023B0301350302400202383801025C0202393801025B010340622E03021F0102180202642E03022B0102240202782E01041F0F090219010361203705020503016F0102060902060102060202406203021E01021703017801021E0902180202636B03020E0102070202666F01040A090202676F01023C02026D610104021A090402140102020301700104240F0204240E01041D0E06021E020272610104041A090404140102040202742003023C0102350103622E650302200102190202616303020D01020602026F4001022A010363406403022A01022302026B6503020F010208010364206101021802022E6503022C01022501036520310A022203016103021C01021506021203016201022803016303022801022103016D03020403017601023502023401022D0202692003021301020C02026C730A020A0202722003020A03016503021101020A060210020277680A020D020278610104220F0204220E01041B0E06021C0103666F7201040B090103676F7301023D01036865720A020F02026E6503021A010213010369202603021401020D0202702001023802023701023001036B6166010409090202657203021001020901036C616701023B020265200104270F0204270E0104200E06022103017203020902026C65030208020273650A020B0202746401021601036D61720104031A090403140102030202706C0104250F0204250E01041E0E06021F0202756C03020601036E652003021B01021401036F20650A020802022E200B02080202407801022B020265200302030202686E03021901021202026B61010408090202722001040C090202732001023E030161050203010370206C0102390301730302380102310202617403023B01023402026C650104260F0204260E01041F0E060220010372206203020B03016C01021403016F01020D0202612001020509020501020503014001021D090217020265200A021103016903021201020B02026F73050202010373203101023F02026120050204020265770A020C02026F680302180102110202706103023A010233010374203403023D030138040236020264200102170103756C6C030207010376697001023702023601022F01037768650A020E0103782E650104200F09021A0202616D0104230F0204230E01041C0E06021D01037A6F650302020107E5B08FE9BE99200402030109E69D8EE5B08FE9BE990402020105E9BE992062040204040B070A0706070607060A0707060A090A060A070706070706070A090D0B080708130807070608070606070907070807070A0C08070607070806060D100A070E06070808070606070C07070708060B070607070A0D06070C08070607090907080606060706080707070609070607070B0A0B080C0A090A08070F120F0A0B0A070B0A080A080C0609060C0A07070C07130908080A0B0D090A0813060707071013070B080707070A0808070608090A130806060D090709070807070A0A080607080E080C13080C0E');
DELETE FROM "contact_search_idx";
INSERT INTO "contact_search_idx" VALUES (1, X'', 2);
INSERT INTO "contact_search_idx" VALUES (2, X'', 2);
INSERT INTO "contact_search_idx" VALUES (3, X'', 2);
INSERT INTO "contact_search_idx" VALUES (4, X'', 2);
INSERT INTO "contact_search_idx" VALUES (16, X'', 2);
DELETE FROM "contact_search_config";
INSERT INTO "contact_search_config" VALUES ('version', 4);
DELETE FROM "message_search_data";
INSERT INTO "message_search_data" VALUES (1, X'25837D');
INSERT INTO "message_search_data" VALUES (10, X'0000000102082600081001010101010201010301010401010501010601010701010000');
INSERT INTO "message_search_data" VALUES (137438953473, X'00000049043020616E1F02050103616E641F020203016F1F020601036420611F020401036865721F020A01036E64201F020302026F741F020701036F74681F020801037468651F0209040808060808080708');
INSERT INTO "message_search_data" VALUES (274877906945, X'0000005204302061672002080103616420200206020267612002090202696E20020B01036420612002070103656164200205010367616920020A01036E726520020301037265612002040103756E7220020204080807070808080808');
INSERT INTO "message_search_data" VALUES (412316860417, X'000000780430206E7521020C02026F6C210208020274682102040103626572210210010364206E21020B010365206F210207010368652021020601036C642021020A01036D626521020F01036E756D21020D01036F207421020302026C64210209010374686521020502026F202102020103756D6221020E040807070808080808080808070807');
INSERT INTO "message_search_data" VALUES (549755813889, X'0000003C04302077612202070103646572220204010365722022020501036E646522020301037220772202060103756E64220202010377617922020804080808080808');
INSERT INTO "message_search_data" VALUES (687194767361, X'0000001C043061697423020301036974732302040103776169230202040808');
INSERT INTO "message_search_data" VALUES (824633720833, X'000000AA04302061202402040202697324021202026E6F2402150301752402060202746824020D010361206E24020502027420240210010362657224020A010365722024020B010368617424020F010369732024021301036D626524020901036E6F6E2402160202756D24020701036F206124020302026E65240217010372207424020C010373206E24021401037420692402110202686124020E02026F202402020103756D6224020804080707060708070808080808080708070808080707');
INSERT INTO "message_search_data" VALUES (962072674305, X'00000077043020616725020D0202626525020402027472250207010361676125020E0202696E2502100103626520250205010364206125020C01036520742502060202642025020B010367616925020F010369656425020A01036F206225020301037269652502090103746F2025020202027269250208040807070807080808070808080808');
INSERT INTO "message_search_data" VALUES (2199023255553, X'0000095704302034371A04071C02023C331A021702025B620D02130202616713021103021103016D07020D03016E11020A02021803020E0202626515020C03016F05020B03020B030179010207020204160209020263680E020B0202646512020403016F1502030102030202666113021C03016F080207020268691A020C0202696E05020413020605021503017311020E0202080702260301740E020402026D6F1E020503017509021002026E6F19020C02026F271A020F0301661B020903016E0202070202040202040301721A021B0301751102060301771D02110202706106020B17020A0301680C0203020272651102110902290202736515020F0102170102050301681A0234020274611C020B03016501020A02020703016805020701020710020904023001020C01020701020603016F07020A0E020903017213020B0202756E1E020B0202766F090208010208020277610E020703016802020A0202070301691B02100202796517020A02027A6F09020C0206E69D8EE5B08F0A020C01032762721A0211020273201D020F01032C206113021703016913020703016F1A021A0301751E020A01032E20741A022F020265780D020B01032F2F780D02080202782E0D020901033120681A020B0301691A0225020231201A040A1C0103332C201A021901033437311A04081C01033731311A04091C01033A2F2F0D020701033C332C1A021801035B625D0D0214010361206201020603016415020201020203016F0202060301700C0202020264791A022C0202676113021203016506020D10021207020C0202696C1304031D03016E13021403017408020302026D6101020201020205020E0301700D020E02026E2016020F03016411020B0202190301670E020E0301730702020202707002021002020D02027261010204010204050210030174140204020273200E0402090202742016020C03017302020D02020A010362652015020D02026C6F19020202026F2003020201020201020201020203017405020C0301781D0218020272691A0212020274201502070102070202792001020802020516020A03016510020201036368610E020C02026B65190205010364206113021003016219020803016613021B03016911020D030174070209020265201B020703016C1202050301721A04041C02020402026F751502040102040301771B02140202792E1A022D010365205B0D021203016205020A03016D09020F15020403016F1B020803017006020A17020903017315020E0502330301741C020A0301760902070102070301771B020F020227731D020E02022C201E02090202616411021309022B04020F020264200702080C020F06020702026C6912020602026E201A0215030174160214010207020272201A04051C0202050301650702060B020A0202732011020402027474150211010219020278610D020C03017401020C02020901036620741B020B020261691304021D02026F720802080202726F1D02020103676169130213020265271D020D0301640E021003016E16021302026F6511020202027275090202010202010368616E0E020D03017402020C02020912020B0202652005020901020914023201020E010209010208020269201A020D02026F6C0B02020301701A02360301740C0205020274740D0202010369206F1A020E0202636518020B020264651B02060202656413020E03016E1A021402026C731304041D02026E2005020503012C1302150301621D02160301641B02120301761802070202732011020F010202010209070227020274200E02050301730802040202766512020801036B656419020601036C65200D021103016415021401021C0301720902140202697612020702026C6509021302026F631902030202732C13020501036D20741D02050202617201020301020305020F02026F721E02060202706C0D020F0202756C09021101036E203C1A02160301611602100301691D021403017405020601020603017702020902020603017A09020B0303E69D8E0A020B02022C201302160202626F1D02170202642011020C02021A0301651C020303016F1B0213020265201E0203020267650E020F02026F7417020203017719020D020272651E020D02027377070203020274201602150102080202766F18020801036F206107020C03016203020312020B03016905020303016F040203020203020227621A02100202636B1902040202652009020E030173110203020266201B020A0202696318020A02026C610B020302026D201D020402026E2002020802020502020503020A01020A0301651E0202020272200802090301641A04021C0301651E02070202742017020303016F0C0206020275621502050102050301721802030301741102070A02020202776E1D0212010370616706020C17020B0202686F0C020402026C650D02100202733A0D020501037220341A04061C03016208020A0301691802050301741C020602026120010205010205020264651A04031C0202652C1E020803016111021209022A04020E0301640702070B020B0202696513020D07021302026F6D1D02030202757309020301020301037320630E020A0301641202030301660802060301690E020303016F1102050C021003017211021009022803017413020A02022C2013020602023A2F0D02060202617002020F02020C0202652009020601020603016E1702060301741502100102180202686F1A0235020269641B0205020273650902050102050202746114020203016F0F020202027765070204010374206111020905020D0301731602160102040301741502080102080301770E0206030179170209020261671C020C0301721402030202657801020B0202080202686116020A03016505020801020814023101020D01020801020702026C6515021301021B02026F2007020B0E020A0301700F0203020270730D02040202726913020C0202732008020503016102020E02020B0301691B02040202746C15021201021A0301700D0203010375627415020601020602026C6C09021202026E641C02020301721E020C0202722018020402027373090204010204020274201102080301731B0203010376657212020902026F6918020903016E09020901020901037761690802020301730E0208020265720702050202686102020B0202080202696E1B021102026E201D02130103782E650D020A0202616D0D020D010379206E19020B03017401020902020602022E201A022E0202657417020B02026F7518020201037A6F6509020D0109E69D8EE5B08FE9BE990A020D040907070A060C07090C0707090706070D0C0607060707060C0606060A060A0D060709180906070A07090607070B080708060606080708070806080809090808080809060607070C0806060D06070906060A0D060807090807100606070A0D060807080606060607060A0A060708060906090906090607070D0D0707090B09070A07090808070708070606070A080C1607070606070807070706080706060606100706070808090607070707080D0707070806060909060807070A06060707070607070A07080906090707070607070707130607070607060A0609070B070707090606060A08070C090A070A0806060609090607070A0A060907070A0706070B0909060607060A07150A0A0607070709060A060B070706070A07060807090806070A07070807080907070708');
DELETE FROM "message_search_idx";
INSERT INTO "message_search_idx" VALUES (1, X'', 2);
INSERT INTO "message_search_idx" VALUES (2, X'', 2);
INSERT INTO "message_search_idx" VALUES (3, X'', 2);
INSERT INTO "message_search_idx" VALUES (4, X'', 2);
INSERT INTO "message_search_idx" VALUES (5, X'', 2);
INSERT INTO "message_search_idx" VALUES (6, X'', 2);
INSERT INTO "message_search_idx" VALUES (7, X'', 2);
INSERT INTO "message_search_idx" VALUES (16, X'', 2);
DELETE FROM "message_search_config";
INSERT INTO "message_search_config" VALUES ('automerge', 8);
INSERT INTO "message_search_config" VALUES ('version', 4);
INSERT INTO "identity_alias" VALUES (2, 'US.13491208655302741918', 2);
INSERT INTO "passed_over" VALUES (3, 'group', 4, 1795028809000000);
INSERT INTO "receiver" VALUES ('desk:411:7f', 1795608000000000, 1);
INSERT INTO "poll" VALUES (1, 1795608000000000);
INSERT INTO "gap" VALUES (1, 1, 'refused', 1795607000000000, 1795608000000000, 1, 1795608000000000, 3, '/2010-04-01/Accounts/AC/Messages.json?Page=2', 1, 40, 7, 2, 1795608001000000, '20429', 1795608010000000, 'Kim');
INSERT INTO "missed_message" VALUES (1, 'SM99999999999999999999999999999999', 1795608000000000, 4, 1, '{"Body": "while nobody listened"}');
INSERT INTO "queue" VALUES (1, 'closed', NULL, NULL, '', NULL);
INSERT INTO "queue" VALUES (3, 'closed', NULL, NULL, '', NULL);
INSERT INTO "queue" VALUES (4, 'closed', NULL, NULL, '', NULL);
INSERT INTO "queue" VALUES (5, 'closed', NULL, NULL, '', NULL);
INSERT INTO "queue" VALUES (6, 'open', 1795026966000000, 1795030566000000, '', NULL);
INSERT INTO "queue" VALUES (7, 'open', 1794917440000000, 1794921040000000, '', NULL);
INSERT INTO "queue" VALUES (8, 'open', 1794917480000000, 1794921080000000, '', NULL);
INSERT INTO "queue" VALUES (10, 'closed', NULL, NULL, '', NULL);
INSERT INTO "queue" VALUES (11, 'closed', NULL, NULL, '', NULL);
INSERT INTO "queue" VALUES (12, 'open', 1795027266000000, 1795030866000000, '', NULL);
INSERT INTO "queue" VALUES (13, 'snoozed', NULL, NULL, 'time', 1795773745663014);
INSERT INTO "answer_target" VALUES (1, 30, 'mon-fri 9-18', 'Europe/Berlin');
INSERT INTO "agent" VALUES ('Kim', 'kim@example.com', 'mon-fri 9-18', 'Europe/Berlin', 1795770145663014, NULL, 'administrator');
INSERT INTO "agent" VALUES ('Lee', '', '', '', 1795796725463488, 1795796725473610, 'agent');
INSERT INTO "saved_view" VALUES ('Late', 'assignee:me waiting>30m', 'v', 'Kim');
INSERT INTO "journal" VALUES (1, 1, 1795770145663014, 'Kim', 'assign', 1, 'assigned to Kim', '{"owner": "Lee"}', '{"owner": "Kim"}', 1795770145663019, 'Lee');
INSERT INTO "note" VALUES (1, 1, 'Kim', 1795000000000000, 'Likes blue', 1795000100000000);
INSERT INTO "attribute" VALUES ('shoe size', 'number');
INSERT INTO "forgotten_opt_out" VALUES ('0f0f');
INSERT INTO "canned_reply" VALUES ('ready', '', 'Hi {{first name}}, your order is ready.');
INSERT INTO "canned_reply" VALUES ('hours', 'Kim', 'Monday to Friday, 9 to 18.');
INSERT INTO "presence" VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Kim', 3, 1, 1795796730481498);
CREATE INDEX ix_contact_activity ON contact (activity_at, id, search_text);
CREATE INDEX ix_contact_failing ON contact (activity_at, id) WHERE failing;
CREATE INDEX ix_contact_unread ON contact (activity_at, id) WHERE unread > 0;
CREATE INDEX ix_identity_contact_id ON identity (contact_id);
CREATE INDEX ix_likeness_contact_id ON likeness (contact_id);
CREATE INDEX ix_dismissal_high_id ON dismissal (high_id);
CREATE INDEX ix_merge_kept_id ON merge (kept_id);
CREATE INDEX ix_merge_other_id ON merge (other_id);
CREATE INDEX ix_conversation_contact_id ON conversation (contact_id);
CREATE INDEX ix_conversation_inbox_id ON conversation (inbox_id);
CREATE INDEX ix_conversation_window_until ON conversation (window_until);
CREATE INDEX ix_message_thread ON message (conversation_id, at, id);
CREATE INDEX ix_message_timeline ON message (contact_id, at, id);
CREATE INDEX ix_message_unknown ON message (inbox_id) WHERE status = 'unknown';
CREATE UNIQUE INDEX ux_message_provider ON message (inbox_id, provider_id) WHERE provider_id != '';
CREATE INDEX ix_attempt_provider_id ON attempt (provider_id);
CREATE INDEX ix_outbox_due ON outbox (not_before);
CREATE INDEX ix_outbox_thread ON outbox (conversation_id, message_id);
CREATE INDEX ix_outbox_inbox ON outbox (inbox_id, message_id);
CREATE INDEX ix_event_parked ON provider_event (inbox_id, provider_id) WHERE message_id IS NULL;
CREATE INDEX ix_provider_event_message_id ON provider_event (message_id);
CREATE TRIGGER contact_search_insert AFTER INSERT ON contact BEGIN INSERT INTO contact_search (rowid, search_text) VALUES (new.id, new.search_text); END;
CREATE TRIGGER contact_search_update AFTER UPDATE OF search_text ON contact WHEN old.search_text IS NOT new.search_text BEGIN INSERT INTO contact_search (contact_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO contact_search (rowid, search_text) VALUES (new.id, new.search_text); END;
CREATE TRIGGER contact_search_delete AFTER DELETE ON contact BEGIN INSERT INTO contact_search (contact_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END;
CREATE INDEX ix_identity_alias_identity_id ON identity_alias (identity_id);
CREATE INDEX ix_gap_open ON gap (inbox_id) WHERE closed_at IS NULL;
CREATE INDEX ix_missed_message_at ON missed_message (inbox_id, at, place);
CREATE INDEX ix_queue_deadline ON queue (state, deadline, waiting_since, contact_id);
CREATE INDEX ix_queue_wake ON queue (wake_at) WHERE state = 'snoozed';
CREATE INDEX ix_journal_batch ON journal (batch);
CREATE INDEX ix_journal_contact ON journal (contact_id, id);
CREATE INDEX ix_contact_owner ON contact (owner, id) WHERE owner <> '';
CREATE INDEX ix_note_contact ON note (contact_id, at, id);
CREATE INDEX ix_presence_until ON presence (until);
CREATE INDEX ix_presence_contact ON presence (contact_id);
COMMIT;
