/** Rules that fit most CRM lists: names, e-mail, phone, postcode. */
export const MATCHING_STARTER = `description: People known online with our CRM list.
mode: link
left: people
right: { list: crm }
fields:
  - { name: first_name, clean: name }
  - { name: last_name, clean: name }
  - { name: email, clean: email }
  - { name: phone, clean: phone }
  - { name: postcode, from: [postcode, address.postcode], clean: postcode }
# Two records are compared when they agree on one of these.
blocking:
  - [email]
  - [phone]
  - [last_name, postcode]
  - [first_name, { field: last_name, as: prefix, length: 3 }]
comparisons:
  - name: first_name
    field: first_name
    term_frequency: true
    levels:
      - { is: exact }
      - { is: jaro_winkler, at_least: 0.9 }
  - name: last_name
    field: last_name
    term_frequency: true
    levels:
      - { is: exact }
      - { is: jaro_winkler, at_least: 0.9 }
  - name: email
    field: email
    levels:
      - { is: exact }
      - { is: damerau_levenshtein, at_most: 2 }
  - name: phone
    field: phone
    levels:
      - { is: exact }
      - { is: damerau_levenshtein, at_most: 1 }
  - name: postcode
    field: postcode
    levels:
      - { is: exact }
# Sure pairs: 99 of 100 right. With auto they are joined without a look.
accept: { precision: 0.99 }
review: { probability: 0.2 }
auto: false
`;
