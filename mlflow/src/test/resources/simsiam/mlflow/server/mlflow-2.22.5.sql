-- A database of MLflow 2.22.5, to be upgraded. Made by its server and its Python client (an experiment,
-- a run nested in another, a parameter, metrics, tags, a data set, an artifact, a registered model
-- with an alias), and written by sqlite3.Connection.iterdump().
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0584bdc529eb');
CREATE TABLE "datasets" (
	dataset_uuid VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	digest VARCHAR(36) NOT NULL, 
	dataset_source_type VARCHAR(36) NOT NULL, 
	dataset_source TEXT NOT NULL, 
	dataset_schema TEXT, 
	dataset_profile TEXT, 
	CONSTRAINT dataset_pk PRIMARY KEY (experiment_id, name, digest), 
	CONSTRAINT fk_datasets_experiment_id_experiments FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id) ON DELETE CASCADE
);
INSERT INTO "datasets" VALUES('4430243c9ce4425b9b847fe99c01654a',1,'cifar10','0123abcd','local','{}',NULL,NULL);
CREATE TABLE experiment_tags (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	experiment_id INTEGER NOT NULL, 
	CONSTRAINT experiment_tag_pk PRIMARY KEY ("key", experiment_id), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
CREATE TABLE experiments (
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	artifact_location VARCHAR(256), 
	lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT, 
	CONSTRAINT experiment_pk PRIMARY KEY (experiment_id), 
	CONSTRAINT experiments_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	UNIQUE (name)
);
INSERT INTO "experiments" VALUES(0,'Default','mlflow-artifacts:/0','active',1795335452918,1795335452918);
INSERT INTO "experiments" VALUES(1,'cifar10','mlflow-artifacts:/1','active',1795335456298,1795335456298);
CREATE TABLE input_tags (
	input_uuid VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	value VARCHAR(500) NOT NULL, 
	CONSTRAINT input_tags_pk PRIMARY KEY (input_uuid, name)
);
INSERT INTO "input_tags" VALUES('a3d302eeed1b48dfa4e20c82d75cd09c','mlflow.data.context','train');
CREATE TABLE inputs (
	input_uuid VARCHAR(36) NOT NULL, 
	source_type VARCHAR(36) NOT NULL, 
	source_id VARCHAR(36) NOT NULL, 
	destination_type VARCHAR(36) NOT NULL, 
	destination_id VARCHAR(36) NOT NULL, 
	CONSTRAINT inputs_pk PRIMARY KEY (source_type, source_id, destination_type, destination_id)
);
INSERT INTO "inputs" VALUES('a3d302eeed1b48dfa4e20c82d75cd09c','DATASET','4430243c9ce4425b9b847fe99c01654a','RUN','68804ba2352642a897515b23e00c6b67');
CREATE TABLE "latest_metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT, 
	step BIGINT NOT NULL, 
	is_nan BOOLEAN NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT latest_metric_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "latest_metrics" VALUES('epoch/loss',-0.95,1700000000019,19,0,'68804ba2352642a897515b23e00c6b67');
INSERT INTO "latest_metrics" VALUES('odd',0.0,1700000000000,0,1,'68804ba2352642a897515b23e00c6b67');
CREATE TABLE "metrics" (
	"key" VARCHAR(250) NOT NULL, 
	value FLOAT NOT NULL, 
	timestamp BIGINT NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	step BIGINT DEFAULT '0' NOT NULL, 
	is_nan BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT metric_pk PRIMARY KEY ("key", timestamp, step, run_uuid, value, is_nan), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid), 
	CHECK (is_nan IN (0, 1))
);
INSERT INTO "metrics" VALUES('epoch/loss',0.0,1700000000000,'68804ba2352642a897515b23e00c6b67',0,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.05,1700000000001,'68804ba2352642a897515b23e00c6b67',1,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.1,1700000000002,'68804ba2352642a897515b23e00c6b67',2,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.15,1700000000003,'68804ba2352642a897515b23e00c6b67',3,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.2,1700000000004,'68804ba2352642a897515b23e00c6b67',4,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.25,1700000000005,'68804ba2352642a897515b23e00c6b67',5,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.3,1700000000006,'68804ba2352642a897515b23e00c6b67',6,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.35,1700000000007,'68804ba2352642a897515b23e00c6b67',7,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.4,1700000000008,'68804ba2352642a897515b23e00c6b67',8,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.45,1700000000009,'68804ba2352642a897515b23e00c6b67',9,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.5,1700000000010,'68804ba2352642a897515b23e00c6b67',10,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.55,1700000000011,'68804ba2352642a897515b23e00c6b67',11,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.6,1700000000012,'68804ba2352642a897515b23e00c6b67',12,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.65,1700000000013,'68804ba2352642a897515b23e00c6b67',13,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.7,1700000000014,'68804ba2352642a897515b23e00c6b67',14,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.75,1700000000015,'68804ba2352642a897515b23e00c6b67',15,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.8,1700000000016,'68804ba2352642a897515b23e00c6b67',16,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.85,1700000000017,'68804ba2352642a897515b23e00c6b67',17,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.9,1700000000018,'68804ba2352642a897515b23e00c6b67',18,0);
INSERT INTO "metrics" VALUES('epoch/loss',-0.95,1700000000019,'68804ba2352642a897515b23e00c6b67',19,0);
INSERT INTO "metrics" VALUES('odd',0.0,1700000000000,'68804ba2352642a897515b23e00c6b67',0,1);
CREATE TABLE model_version_tags (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT model_version_tag_pk PRIMARY KEY ("key", name, version), 
	FOREIGN KEY(name, version) REFERENCES model_versions (name, version) ON UPDATE cascade
);
CREATE TABLE "model_versions" (
	name VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	creation_time BIGINT, 
	last_updated_time BIGINT, 
	description VARCHAR(5000), 
	user_id VARCHAR(256), 
	current_stage VARCHAR(20), 
	source VARCHAR(500), 
	run_id VARCHAR(32), 
	status VARCHAR(20), 
	status_message VARCHAR(500), 
	run_link VARCHAR(500), storage_location VARCHAR(500), 
	CONSTRAINT model_version_pk PRIMARY KEY (name, version), 
	FOREIGN KEY(name) REFERENCES registered_models (name) ON UPDATE CASCADE
);
INSERT INTO "model_versions" VALUES('encoder',1,1795335456833,1795335456833,'',NULL,'None','mlflow-artifacts:/1/68804ba2352642a897515b23e00c6b67/artifacts/encoder','68804ba2352642a897515b23e00c6b67','READY',NULL,'','mlflow-artifacts:/1/68804ba2352642a897515b23e00c6b67/artifacts/encoder');
CREATE TABLE "params" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000) NOT NULL, 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT param_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "params" VALUES('train.base_lr','0.03','68804ba2352642a897515b23e00c6b67');
CREATE TABLE registered_model_aliases (
	alias VARCHAR(256) NOT NULL, 
	version INTEGER NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	CONSTRAINT registered_model_alias_pk PRIMARY KEY (name, alias), 
	CONSTRAINT registered_model_alias_name_fkey FOREIGN KEY(name) REFERENCES registered_models (name) ON DELETE cascade ON UPDATE cascade
);
INSERT INTO "registered_model_aliases" VALUES('newest',1,'encoder');
CREATE TABLE registered_model_tags (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(5000), 
	name VARCHAR(256) NOT NULL, 
	CONSTRAINT registered_model_tag_pk PRIMARY KEY ("key", name), 
	FOREIGN KEY(name) REFERENCES registered_models (name) ON UPDATE cascade
);
CREATE TABLE registered_models (
	name VARCHAR(256) NOT NULL, 
	creation_time BIGINT, 
	last_updated_time BIGINT, 
	description VARCHAR(5000), 
	CONSTRAINT registered_model_pk PRIMARY KEY (name), 
	UNIQUE (name)
);
INSERT INTO "registered_models" VALUES('encoder',1795335456816,1795335456833,'');
CREATE TABLE "runs" (
	run_uuid VARCHAR(32) NOT NULL, 
	name VARCHAR(250), 
	source_type VARCHAR(20), 
	source_name VARCHAR(500), 
	entry_point_name VARCHAR(50), 
	user_id VARCHAR(256), 
	status VARCHAR(9), 
	start_time BIGINT, 
	end_time BIGINT, 
	source_version VARCHAR(50), 
	lifecycle_stage VARCHAR(20), 
	artifact_uri VARCHAR(200), 
	experiment_id INTEGER, deleted_time BIGINT, 
	CONSTRAINT run_pk PRIMARY KEY (run_uuid), 
	CONSTRAINT runs_lifecycle_stage CHECK (lifecycle_stage IN ('active', 'deleted')), 
	CONSTRAINT source_type CHECK (source_type IN ('NOTEBOOK', 'JOB', 'LOCAL', 'UNKNOWN', 'PROJECT')), 
	FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id), 
	CHECK (status IN ('SCHEDULED', 'FAILED', 'FINISHED', 'RUNNING', 'KILLED'))
);
INSERT INTO "runs" VALUES('71a8d3ab818a412990c9f7184552a2f4','pipeline','UNKNOWN','','','ada','FINISHED',1795335456312,1795335456943,'','active','mlflow-artifacts:/1/71a8d3ab818a412990c9f7184552a2f4/artifacts',1,NULL);
INSERT INTO "runs" VALUES('68804ba2352642a897515b23e00c6b67','pretrain','UNKNOWN','','','ada','FINISHED',1795335456343,1795335456883,'','active','mlflow-artifacts:/1/68804ba2352642a897515b23e00c6b67/artifacts',1,NULL);
CREATE TABLE "tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	run_uuid VARCHAR(32) NOT NULL, 
	CONSTRAINT tag_pk PRIMARY KEY ("key", run_uuid), 
	FOREIGN KEY(run_uuid) REFERENCES runs (run_uuid)
);
INSERT INTO "tags" VALUES('mlflow.user','ada','71a8d3ab818a412990c9f7184552a2f4');
INSERT INTO "tags" VALUES('mlflow.runName','pipeline','71a8d3ab818a412990c9f7184552a2f4');
INSERT INTO "tags" VALUES('mlflow.parentRunId','71a8d3ab818a412990c9f7184552a2f4','68804ba2352642a897515b23e00c6b67');
INSERT INTO "tags" VALUES('mlflow.user','ada','68804ba2352642a897515b23e00c6b67');
INSERT INTO "tags" VALUES('mlflow.runName','pretrain','68804ba2352642a897515b23e00c6b67');
INSERT INTO "tags" VALUES('stage','pretrain','68804ba2352642a897515b23e00c6b67');
INSERT INTO "tags" VALUES('mlflow.note.content','# what was run','68804ba2352642a897515b23e00c6b67');
CREATE TABLE trace_info (
	request_id VARCHAR(50) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	timestamp_ms BIGINT NOT NULL, 
	execution_time_ms BIGINT, 
	status VARCHAR(50) NOT NULL, 
	CONSTRAINT trace_info_pk PRIMARY KEY (request_id), 
	CONSTRAINT fk_trace_info_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (experiment_id)
);
CREATE TABLE "trace_request_metadata" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	request_id VARCHAR(50) NOT NULL, 
	CONSTRAINT trace_request_metadata_pk PRIMARY KEY ("key", request_id), 
	CONSTRAINT fk_trace_request_metadata_request_id FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE TABLE "trace_tags" (
	"key" VARCHAR(250) NOT NULL, 
	value VARCHAR(8000), 
	request_id VARCHAR(50) NOT NULL, 
	CONSTRAINT trace_tag_pk PRIMARY KEY ("key", request_id), 
	CONSTRAINT fk_trace_tags_request_id FOREIGN KEY(request_id) REFERENCES trace_info (request_id) ON DELETE CASCADE
);
CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid);
CREATE INDEX index_latest_metrics_run_uuid ON latest_metrics (run_uuid);
CREATE INDEX index_inputs_destination_type_destination_id_source_type ON inputs (destination_type, destination_id, source_type);
CREATE INDEX index_inputs_input_uuid ON inputs (input_uuid);
CREATE INDEX index_params_run_uuid ON params (run_uuid);
CREATE INDEX index_trace_info_experiment_id_timestamp_ms ON trace_info (experiment_id, timestamp_ms);
CREATE INDEX index_trace_tags_request_id ON trace_tags (request_id);
CREATE INDEX index_trace_request_metadata_request_id ON trace_request_metadata (request_id);
CREATE INDEX index_tags_run_uuid ON tags (run_uuid);
CREATE INDEX index_datasets_experiment_id_dataset_source_type ON datasets (experiment_id, dataset_source_type);
CREATE INDEX index_datasets_dataset_uuid ON datasets (dataset_uuid);
COMMIT;
