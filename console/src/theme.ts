import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent. Shade 8 carries white text at 6.6:1; shade 3 stands on dark grounds. */
const plumb: MantineColorsTuple = [
  '#e8f5f8',
  '#cfe8ee',
  '#a2d1dc',
  '#72bac9',
  '#4ca6b9',
  '#3298ad',
  '#1f8aa0',
  '#107488',
  '#0b6377',
  '#075165',
];

const heading = { fontWeight: '600', lineHeight: '1.3' };

/** Their <header> would count as a second banner of the page. */
const OVERLAY = {
  closeButtonProps: { 'aria-label': 'Close' },
  attributes: { header: { role: 'presentation' } },
};

export const theme = createTheme({
  colors: { plumb },
  primaryColor: 'plumb',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '18px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  headings: {
    sizes: {
      h1: { fontSize: '20px', ...heading },
      h2: { fontSize: '16px', ...heading },
      h3: { fontSize: '14px', ...heading },
    },
  },
  components: {
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { shadow: 'md' } } },
    Textarea: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    Modal: { defaultProps: OVERLAY },
    Drawer: { defaultProps: OVERLAY },
  },
});

/** Mantine's grey and red texts miss 4.5:1 on their own grounds; these do not. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a626a',
    '--mantine-color-placeholder': '#6b737b',
    '--mantine-color-error': '#c2261f',
    '--mantine-color-body': '#ffffff',
    '--pl-ground': '#f6f8f9',
    '--pl-line': '#e1e6e9',
    '--pl-hover': '#eff4f5',
    '--pl-selected': '#e0f0f4',
    '--pl-accent-text': '#0b6377',
    '--pl-green': '#1c6b34',
    '--pl-red': '#b3241d',
    '--pl-amber': '#845400',
    '--pl-blue': '#1f5a9e',
    '--pl-grey': '#4d555c',
  },
  dark: {
    '--mantine-color-dimmed': '#a3adb5',
    '--mantine-color-placeholder': '#8f99a1',
    '--mantine-color-error': '#ff8a80',
    '--mantine-color-body': '#171b1e',
    '--pl-ground': '#101417',
    '--pl-line': '#2b3237',
    '--pl-hover': '#1f252a',
    '--pl-selected': '#14343d',
    '--pl-accent-text': '#72bac9',
    '--pl-green': '#77cf90',
    '--pl-red': '#ff938a',
    '--pl-amber': '#edb457',
    '--pl-blue': '#8dbbf0',
    '--pl-grey': '#b4bcc3',
  },
});
