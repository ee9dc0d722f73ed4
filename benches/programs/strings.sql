CREATE TEMP TABLE person AS SELECT * FROM read_csv('person.csv', header = false, columns = {'name': 'VARCHAR', 'street': 'VARCHAR', 'kind': 'VARCHAR'});
SELECT count(*) FROM person;
